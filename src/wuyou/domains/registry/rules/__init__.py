"""What is true of places, people and licences whatever the database holds (spec 01). Values in, values out."""
