"""Cases from dispatch to close, and clues for the discipline office (核查整改)."""
