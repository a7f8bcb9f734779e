"""Which of our assumptions about AI Core's docker secrets hold on a real tenant: asked, seen, and cleaned up.

`questions` says what is assumed and what our code makes of it, `run` asks, `throwaways` keeps the names that
may have been created and deletes them, `asker` bounds it all, and `forms` lets no foreign word out.
"""
