"""The vocabulary of the house: frozen values that the rooms hand to each other. Standard library only."""
