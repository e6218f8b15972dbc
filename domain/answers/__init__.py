"""One module for each type of question, behind one small protocol."""
