"""How many findings are false, judged by hand, and what peers find that casemate does not."""
