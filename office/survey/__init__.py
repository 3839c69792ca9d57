"""What a citizen's door needs: screens, results, what is shown after an outage."""
