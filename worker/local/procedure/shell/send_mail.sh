# Sends a text: ADDRESS SUBJECT FILE.
send_mail() {
  local from="${MAIL_FROM##*<}"
  { printf 'From: %s\r\nTo: %s\r\nSubject: %s\r\n' "$MAIL_FROM" "$1" "$2"
    printf 'Date: %s\r\n' "$(LC_ALL=C date -u '+%a, %d %b %Y %T +0000')"
    printf 'Content-Type: text/plain; charset=utf-8\r\n\r\n'
    sed 's/$/\r/' "$3"; } |
    curl --silent --show-error --max-time 30 \
      --config <(printf 'url = "%s"\n' "$SMTP_URL") --upload-file - \
      --mail-from "${from%>*}" --mail-rcpt "$1" && echo "sent to $1"
}
