"""What a hotline looks, sounds and reads like: pictures, scripts for the speaker, calendars and comparisons."""
