"use strict";
// Sorting and filtering of tables. Everything can be read without it.
(function () {
  var words = document.body.dataset;

  function value(row, column) {
    var cell = row.cells[column];
    return cell.dataset.value === undefined ? cell.textContent.trim() : cell.dataset.value;
  }

  function compare(one, other, numeric) {
    if (one === "" || other === "") {
      return (one === "") - (other === "");
    }
    return numeric ? Number(one) - Number(other) : one.localeCompare(other, document.documentElement.lang, { numeric: true });
  }

  function sortable(table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      button.addEventListener("click", function () {
        var numeric = head.classList.contains("number-cell");
        var down = head.getAttribute("aria-sort") === null ? numeric : head.getAttribute("aria-sort") === "ascending";
        var body = table.tBodies[0];
        var rows = Array.from(body.rows);
        rows.sort(function (a, b) {
          var one = value(a, column), other = value(b, column);
          var order = compare(one, other, numeric);
          return down && one !== "" && other !== "" ? -order : order;
        });
        rows.forEach(function (row) { body.append(row); });
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
      });
    });
  }

  function filterable(table) {
    var rows = Array.from(table.tBodies[0].rows);
    if (rows.length < 9) {
      return;
    }
    var label = document.createElement("label");
    var input = document.createElement("input");
    label.className = "filter";
    label.append(words.filter, input);
    input.type = "search";
    input.addEventListener("input", function () {
      var wanted = input.value.toLocaleLowerCase();
      rows.forEach(function (row) { row.hidden = row.textContent.toLocaleLowerCase().indexOf(wanted) < 0; });
    });
    table.parentNode.before(label);
  }

  // On a narrow screen every row stands as a card, each of its values beside its heading; what a reader of tables hears stays a table.
  function stacked(table) {
    var heads = Array.from(table.tHead.rows[0].cells).map(function (head) { return head.textContent.trim(); });
    table.classList.add("cards-when-narrow");
    table.setAttribute("role", "table");
    Array.from(table.querySelectorAll("thead, tbody")).forEach(function (part) { part.setAttribute("role", "rowgroup"); });
    Array.from(table.rows).forEach(function (row) {
      row.setAttribute("role", "row");
      Array.from(row.cells).forEach(function (cell, column) {
        var scope = cell.getAttribute("scope");
        cell.setAttribute("role", scope === "col" ? "columnheader" : scope === "row" ? "rowheader" : "cell");
        if (scope === null && cell.textContent.trim() !== "") {
          cell.dataset.head = heads[column];
        }
      });
    });
  }

  document.querySelectorAll("table:not(.heat)").forEach(function (table) {
    if (table.tHead.rows[0].cells.length > 2) {
      stacked(table);
    }
  });
  document.querySelectorAll("table.sortable").forEach(function (table) {
    sortable(table);
    filterable(table);
  });
  addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (one) { one.open = true; });
  });
})();
