"""Runs Airflow tasks as jobs of a Ray cluster, over the Ray Jobs REST API."""

from typing import Any

__version__ = "0.1.0"


def get_provider_info() -> dict[str, Any]:
    """Tell Airflow what this package brings. Airflow calls it wherever it starts, so it imports nothing."""
    return {
        "package-name": "airflow-provider-ray-jobs",
        "name": "Ray Jobs",
        "description": "Runs tasks as jobs of a Ray cluster, over the Ray Jobs REST API.",
        "connection-types": [
            {
                "connection-type": "ray_jobs",
                "hook-class-name": "airflow_provider_ray_jobs.hook.RayJobsHook",
                "hook-name": "Ray Jobs",
                "ui-field-behaviour": {
                    "hidden-fields": ["login"],
                    "relabeling": {"schema": "Scheme", "password": "Token"},
                    "placeholders": {
                        "host": "ray-head.example.svc",
                        "port": "8265",
                        "schema": "http",
                        "extra": '{"dashboard_url": "https://ray.example.com"}',
                    },
                },
            }
        ],
        "extra-links": ["airflow_provider_ray_jobs.link.RayJobLink"],
    }
