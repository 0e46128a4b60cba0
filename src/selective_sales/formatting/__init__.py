"""The text of a policy in; the same text in its canonical layout out. Comments stay, meaning stays."""
