"""From a site's words to ours: text, dates, places, employers, pay; pure, and of no one site."""
