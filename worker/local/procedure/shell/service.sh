# Which service is meant, as the variables of a question to Railway.
service() {
  jq --null-input '{projectId: env.RAILWAY_PROJECT_ID,
    environmentId: env.RAILWAY_ENVIRONMENT_ID,
    serviceId: env.RAILWAY_SERVICE_ID}'
}
