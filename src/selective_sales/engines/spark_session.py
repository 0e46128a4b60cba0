"""A Spark master in, a session whose settings are fixed out; EngineError, in plain words, where there is none.

Its warehouse, scratch and log stand in a folder that goes with it, so nothing is left where the user stands. A session that
this process already has (a notebook's) is used, with settings of its own, and stays.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
import socket
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..model.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
EXTRA = "pip install 'selective-sales[spark]'"
JAVA = "install Java 17 or later (a JRE), or set JAVA_HOME"
OLD_JAVA = "Java is too old for this Spark: it needs 17 or later"
SECONDS = 10
"""How long a standalone master may take to answer at all."""
QUERY_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
    "spark.sql.ansi.enforceReservedKeywords": "false",
    # Windows-1250 among them.
    "spark.sql.legacy.javaCharsets": "true",
    # `${...}` in a policy's or a column's words means just that.
    "spark.sql.variable.substitute": "false",
    # Parts that are broken or gone are never passed over.
    "spark.sql.files.ignoreCorruptFiles": "false",
    "spark.sql.files.ignoreMissingFiles": "false",
    # A view is looked at once, and not again by each that stands upon it.
    "spark.sql.legacy.storeAnalyzedPlanForView": "true",
    # Java never compiles a method of more bytes, and interprets it row by row.
    "spark.sql.codegen.hugeMethodLimit": "8000",
    "spark.sql.mapKeyDedupPolicy": "EXCEPTION",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # A warning per long plan helps nobody here.
    "spark.sql.debug.maxToStringFields": "100",
}
"""What decides how a query is read and computed; any session may set it."""
FEW_ROWS = {
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""For tables of tests: code that is made for a query takes longer to make than to interpret."""
PROCESS_SETTINGS = {
    "spark.app.name": "selective-sales",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_MASTER = re.compile(r"spark://(.*)")
_LOCAL = re.compile(r"local(-cluster)?(\[.*\])?")
_PARTED = re.compile(r"""[\s,"'\\]""")
"""Where a setting of Spark or an option of Java would be cut in two."""
_NOISE = re.compile(r"^\s*at |^\tat |SLF4J|WARN|INFO|^WARNING|^(?:NOTE: )?Picked up |^Using Spark|^Setting default|^To adjust|^$")


class MissingDriverError(EngineError):
    """pyspark or Java is not there."""


@contextmanager
def session(
    master: str = LOCAL, settings: Mapping[str, str] | None = None, memory: str | None = None, scratch: Path | None = None
) -> Iterator[SparkSession]:
    """A session of that master, with more settings where given.

    Of a local master, `memory` (as 4g) is all that it has, and `scratch` where rows go that do not fit; None: as Spark has it, and the
    system's folder for such things.
    """
    require_pyspark()
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

    if SparkContext._active_spark_context is not None:
        with in_plain_words():
            own = SparkSession.builder.getOrCreate()
            active = SparkSession.getActiveSession() or own
            there = own.newSession()
            adjust(there, {**QUERY_SETTINGS, **(settings or {})})
        try:
            yield there
        finally:
            activate(active)
        return
    require_java()
    require_answer(master)
    # What the driver's end leaves half-deleted is nobody's matter.
    place = scratch if scratch is not None and not _PARTED.search(str(scratch)) else None
    with tempfile.TemporaryDirectory(prefix="selective-sales-spark", dir=place, ignore_cleanup_errors=True) as folder:
        heap = {"spark.driver.memory": memory} if memory and _LOCAL.fullmatch(master) else {}
        started = start(master, Path(folder), {**(settings or {}), **heap})
        try:
            yield started
        finally:
            stop(started)


def adjust(session: SparkSession, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        if session.conf.isModifiable(name):
            session.conf.set(name, value)


def activate(session: SparkSession) -> None:
    """What pyspark takes for the session at hand, which a session that makes rows puts itself into the place of."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]
    from pyspark.sql import SparkSession

    classes: Any = SparkSession
    classes._activeSession = session
    with contextlib.suppress(Py4JError, ConnectionError):
        there: Any = session
        classes._get_j_spark_session_class(there._jvm).setActiveSession(there._jsparkSession)


def require_pyspark() -> None:
    try:
        with warnings.catch_warnings():
            # It warns of a newer pandas, which nothing here gives it.
            warnings.simplefilter("ignore", FutureWarning)
            import pyspark.sql
            import pyspark.testing  # noqa: F401  # a session would import it later, and warn then
    except ImportError as error:
        raise MissingDriverError("it needs the extra 'spark'", EXTRA) from error


def require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if home and not shutil.which("java", path=str(Path(home) / "bin")):
        raise MissingDriverError(f"there is no Java in {home}, which JAVA_HOME names", JAVA)
    if not home and not shutil.which("java"):
        raise MissingDriverError("Spark needs Java, and there is none", JAVA)
    own = os.environ.get("SPARK_HOME")
    if own and not (Path(own) / "bin" / "spark-submit").is_file():
        raise MissingDriverError(
            f"there is no Spark in {own}, which SPARK_HOME names", "unset SPARK_HOME: pyspark brings a Spark of its own"
        )


@contextmanager
def names_in_utf8() -> Iterator[None]:
    """Java reads the names of files by the locale in which it is started: in the plain one it finds, and makes, others."""
    locale = next((value for name in ("LC_ALL", "LC_CTYPE", "LANG") if (value := os.environ.get(name))), "")
    if "utf" in locale.lower():
        yield
        return
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C.UTF-8"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LC_ALL"]
        else:
            os.environ["LC_ALL"] = before


def require_answer(master: str) -> None:
    """A standalone master is asked first: Spark itself tries it for a minute."""
    if not (_LOCAL.fullmatch(master) or "://" in master or master == "yarn"):
        raise EngineError(f"{master!r} is no Spark master", "for example local[4], spark://host:7077, yarn or k8s://https://host:443")
    named = _MASTER.fullmatch(master)
    if named is None:
        return
    problem = f"the master {master} has no host and port"
    for place in named[1].split(","):
        host, _, port = place.rpartition(":")
        if not host or not port.isdigit() or int(port) > 65535:
            continue
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS).close()
        except OSError as error:
            problem = f"the master {master} does not answer: {error.strerror or error}"
        else:
            return
    raise EngineError(problem, "check the host and the port, and whether the master runs")


def start(master: str, folder: Path, settings: Mapping[str, str]) -> SparkSession:
    """A driver with its own Java process, whose words go to a file."""
    from py4j.protocol import Py4JError
    from pyspark import SparkConf, SparkContext
    from pyspark.errors import PySparkException
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    given = {**PROCESS_SETTINGS, **QUERY_SETTINGS, **places(master, folder), **settings, "spark.master": master}
    conf = SparkConf(loadDefaults=False)
    for name, value in given.items():
        conf.set(name, value)
    log = folder / "log"
    with log.open("wb") as said, without_words_of_py4j():
        try:
            with names_in_utf8():
                gateway = launch_gateway(conf, {"stderr": said, "stdout": subprocess.DEVNULL})  # type: ignore[no-untyped-call]
            return SparkSession(SparkContext(conf=conf, gateway=gateway))
        except (Py4JError, PySparkException, OSError) as error:
            words = started_not(error, log)
            close()
            help_ = JAVA if words == OLD_JAVA else "see what Spark says, and check the master and its settings"
            raise EngineError(words, help_) from error
        except KeyboardInterrupt:
            # Java still makes folders: what goes with this one is there before it is cleared away.
            close()
            raise


def places(master: str, folder: Path) -> dict[str, str]:
    """Where files and the driver stand. A cluster has its own places; on this machine nobody else is to reach the driver."""
    derby = f"-Dderby.system.home={folder} -Djava.io.tmpdir={folder}"
    if not _LOCAL.fullmatch(master):
        return {}
    return {
        "spark.local.dir": str(folder),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.driver.extraJavaOptions": derby,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.sql.shuffle.partitions": str(2 * (os.cpu_count() or 2)),
    }


def stop(session: SparkSession) -> None:
    """Ends the driver and its Java process, even where it is already gone."""
    from py4j.protocol import Py4JError

    with warnings.catch_warnings(), without_words_of_py4j(), contextlib.suppress(Py4JError, ConnectionError):
        warnings.simplefilter("ignore", RuntimeWarning)
        session.stop()
    close()


@contextmanager
def without_words_of_py4j() -> Iterator[None]:
    """An answer that was broken off, by Ctrl-C or with its process, is told as such: its traces help nobody."""
    loggers = [logging.getLogger(name) for name in ("py4j", "py4j.java_gateway", "py4j.clientserver")]
    before = [logger.level for logger in loggers]
    root = logging.getLogger()

    def not_of_py4j(record: logging.LogRecord) -> bool:
        return "py4j" not in record.pathname

    root.addFilter(not_of_py4j)
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        root.removeFilter(not_of_py4j)
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def close() -> None:
    """The Java process ends with its input; the next session starts another one, with its own settings."""
    from pyspark import SparkContext

    gateway: Any = SparkContext._gateway
    SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None
    if gateway is None:
        return
    with without_words_of_py4j():
        gateway.shutdown()
    process = getattr(gateway, "proc", None)
    if process is not None:
        process.stdin.close()
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def quoted(name: str) -> str:
    """A name as Spark reads it in a statement, or as that of a view."""
    return "`" + name.replace("`", "``") + "`"


@contextmanager
def in_plain_words() -> Iterator[None]:
    """What Spark raises becomes an EngineError with its first words."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException, ConnectionError) as error:
        raise EngineError(reason(error), "see what Spark says; a run may need more memory for its driver or executors") from error


def reason(error: Exception) -> str:
    """The line that says what is wrong: the innermost cause, without the trace."""
    text = str(error)
    if "Answer from Java side is empty" in text or isinstance(error, ConnectionError) or "Error while sending or receiving" in text:
        return "Spark's driver has ended: it may have had too little memory"
    causes = re.findall(r"^Caused by: (?:[\w.$]+(?:Exception|Error): )?(.+)$", text, re.MULTILINE)
    lines = [line.strip() for line in text.splitlines() if not _NOISE.search(line)]
    if causes:
        return str(causes[-1]).strip()
    if len(lines) > 1 and lines[0].startswith("An error occurred while calling"):
        return re.sub(r"^:?\s*(?:[\w.$]+(?:Exception|Error): )?", "", lines[1])
    return lines[0] if lines else type(error).__name__


def started_not(error: Exception, log: Path) -> str:
    """Where Java ended before it answered, its own last words say why."""
    words = log.read_text(encoding="utf-8", errors="replace")
    if "UnsupportedClassVersionError" in words:
        return OLD_JAVA
    lines = [line for line in words.splitlines() if not _NOISE.search(line)]
    told = "JAVA_GATEWAY_EXITED" in str(error) and lines
    return re.sub(r"^Exception in thread \"main\" (?:[\w.$]+: )?", "", lines[0]) if told else reason(error)
