"""The rules, one group a file: importing a file puts its rules on the list in ivr.lint.rule."""
