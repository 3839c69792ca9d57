"""What is handed out on paper: posters, questionnaires, slips, the template of paper entry."""
