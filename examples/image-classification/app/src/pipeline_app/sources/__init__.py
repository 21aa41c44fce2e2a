"""Where all that the page shows comes from: the bucket, Airflow, Ray, and the model that is served.

Each of them may be away. What then is raised is a `SourceError`, whose message visitors may read.
"""
