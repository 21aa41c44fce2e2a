# What every component and every task is told. A list, because what names another variable must come after it.
locals {
  # What the module itself sets, and must be right for it to work. Whatever else it sets may be set otherwise.
  own_variables = concat(
    [
      "ADMIN_PASSWORD", "ADMIN_USERNAME", "AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY",
      "AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__FERNET_KEY",
      "AIRFLOW__CORE__PARALLELISM", "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "AIRFLOW__LOGGING__BASE_LOG_FOLDER", "DATABASE_PASSWORD",
    ],
    flatten([for id, _ in var.connections : ["AIRFLOW_CONN_${upper(id)}", "CONNECTION_PASSWORD_${upper(id)}"]]),
  )

  database = var.database.external != null ? var.database.external : {
    host            = "${var.name}-postgresql"
    port            = 5432
    name            = "airflow"
    user            = "airflow"
    password_secret = one(module.database_password[*].name)
    password_key    = "password"
  }

  # An IPv6 address stands in brackets.
  database_host = strcontains(local.database.host, ":") ? "[${local.database.host}]" : local.database.host

  # Kubernetes puts the value of a variable in place of its name in brackets, so that no password is spelled out here.
  passwords = concat(
    [{ name = "DATABASE_PASSWORD", secret = local.database.password_secret, key = local.database.password_key }],
    [for id, connection in var.connections : {
      name   = "CONNECTION_PASSWORD_${upper(id)}"
      secret = connection.password_secret.secret
      key    = connection.password_secret.key
    } if connection.password_secret != null],
    [for name, key in {
      AIRFLOW__API_AUTH__JWT_SECRET = "jwt-secret"
      AIRFLOW__API__SECRET_KEY      = "api-secret-key"
      AIRFLOW__CORE__FERNET_KEY     = "fernet-key"
    } : { name = name, secret = module.keys.name, key = key }],
    [for name, source in var.secret_environment : { name = name, secret = source.secret, key = source.key }],
  )

  connections = {
    for id, connection in var.connections : "AIRFLOW_CONN_${upper(id)}" => jsonencode({
      for key, value in {
        conn_type = connection.conn_type
        host      = connection.host
        port      = connection.port
        schema    = connection.schema
        login     = connection.login
        password  = connection.password_secret == null ? null : "$(CONNECTION_PASSWORD_${upper(id)})"
        extra     = connection.extra
      } : key => value if value != null
    })
  }

  settings = merge(
    {
      AIRFLOW__API__WORKERS                         = "1"
      AIRFLOW__CORE__EXECUTION_API_SERVER_URL       = "http://${var.name}-api-server.${var.namespace}.svc:${local.api_port}/execution/"
      AIRFLOW__CORE__EXECUTOR                       = "LocalExecutor"
      AIRFLOW__CORE__HOSTNAME_CALLABLE              = "airflow.utils.net.get_host_ip_address"
      AIRFLOW__CORE__PARALLELISM                    = tostring(var.parallelism)
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN           = "postgresql+psycopg2://${local.database.user}:$(DATABASE_PASSWORD)@${local.database_host}:${local.database.port}/${local.database.name}"
      AIRFLOW__LOGGING__BASE_LOG_FOLDER             = "/logs"
      AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK       = "True"
      AIRFLOW__USAGE_DATA_COLLECTION__ENABLED       = "False"
      AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES     = "1"
      AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL      = "30"
      AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME = "1"
    },
    local.connections,
    var.environment,
  )

  environment = concat(
    [for password in local.passwords :
      { name = password.name, valueFrom = { secretKeyRef = { name = password.secret, key = password.key } } }
    ],
    [for name, value in local.settings : { name = name, value = value } if !contains(keys(var.secret_environment), name)],
  )
}
