"""GovSSO: its client and checks, the way to it and back, renewals, log-outs, and the log it demands."""
