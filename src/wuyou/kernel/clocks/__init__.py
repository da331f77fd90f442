"""Clocks of promised times, and the calendar of working days they count by (spec 02).

Start, pause, resume, stop and retarget in `.actions`; `Clock.status(now)` and `.queries` read; `.events` are sent when
a warning, a breach or a rung of the ladder is announced; `.calendars` and `.workcalendar` know days and service hours;
`.words` says what is left. What a page shows is computed from the clock's moments, never from what was swept.
"""
