"""From the result of a training to the model that is served. Nothing here knows Airflow but its connection to Ray."""
