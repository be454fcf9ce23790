# The status of the Supabase project, such as ACTIVE_HEALTHY or RESTORING.
project_status() { supabase GET '' | jq --raw-output .status; }
