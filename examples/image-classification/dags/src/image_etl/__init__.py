"""From uploads in a bucket to a data set that models are trained with. Nothing here knows Airflow."""
