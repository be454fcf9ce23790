# Whether a file is what was written: FILE, and the signed note about it.
authentic() {
  node -e '
const { pbkdf2Sync, createHmac } = require("crypto"), fs = require("fs");
const [file, noteFile] = process.argv.slice(1);
const text = fs.readFileSync(noteFile, "utf8"), note = JSON.parse(text);
const { salt, iterations } = note.authentication;
const key = pbkdf2Sync(process.env.BACKUP_PASSPHRASE,
  Buffer.from(salt, "hex"), iterations, 32, "sha256");
const hmac = (data) => createHmac("sha256", key).update(data).digest("hex");
const covered = text.slice(0, text.lastIndexOf(",\n  \"hmac\""));
const body = createHmac("sha256", key);
fs.createReadStream(file).on("data", (part) => body.update(part)).on("end",
  () => {
    const good = hmac(covered) === note.hmac &&
      body.digest("hex") === (note.object ?? note.file).hmac;
    console.log(good ? "authentic" : "ALTERED, or another passphrase");
    process.exitCode = good ? 0 : 1;
  });' "$1" "$2"
}
