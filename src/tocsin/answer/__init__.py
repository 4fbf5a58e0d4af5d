"""Act on a warning: acknowledge, time, report, learn. The room is laid out and not built yet."""
