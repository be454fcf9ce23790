# SQL that gives a role the password of the connection string in $LOGIN,
# without the password itself: ROLE.
scram() {
  node -e '
const c = require("crypto"), url = new URL(process.env.LOGIN);
const password = decodeURIComponent(url.password).normalize("NFKC");
const salt = c.randomBytes(16), sha = (data) =>
  c.createHash("sha256").update(data).digest();
const salted = c.pbkdf2Sync(password, salt, 4096, 32, "sha256");
const mac = (text) => c.createHmac("sha256", salted).update(text).digest();
console.log("ALTER ROLE \"%s\" PASSWORD \x27SCRAM-SHA-256$4096:%s$%s:%s\x27",
  process.argv[1], salt.toString("base64"),
  sha(mac("Client Key")).toString("base64"),
  mac("Server Key").toString("base64"));' "$1"
}
