# shellcheck shell=bash disable=SC2034 # render() reads variables by their names
# Lays the folder of a stack. Data, secrets and certificate are made once; the configuration is written at each start,
# so that PORT=n moves a stack that has data. Sourced by `stack`, which sets VAR, BUILD, the ports and so on.

RUN_AS=$(id -un)
GID=$(id -g)
NGINX_USER=$([[ $EUID != 0 ]] || echo "user $RUN_AS $(id -gn);") # others may not say it, and need not
OPENAPI=$BUILD/openapi.json
PAGES=$ROOT/nginx # above docs/
CARD_SCRIPTS=http://127.0.0.1:$STRIPE_PORT CARD_FRAMES=$CARD_SCRIPTS CARD_API=$CARD_SCRIPTS
REQUEST_RATE=10000 REQUEST_BURST=20000 CONNECTIONS=1000 # so high that nobody meets them by accident

lay() {
    mkdir -p "$VAR"/{etc/nginx,etc/secrets,log,data,tls,tmp,images,mail}
    chmod 700 "$VAR/etc/secrets"
    lay_run
    DIRECTORY_URL=ldapi://${RUN//\//%2F}%2Fslapd.sock
    lay_secret database "$(openssl rand -hex 32)"
    lay_secret directory "$(openssl rand -hex 32)"
    lay_secret api "$(openssl rand -hex 32)"
    lay_secret stripe "sk_test_$(openssl rand -hex 24)"
    lay_certificate
    lay_configuration
    lay_database
    lay_directory
}

# A socket's path may have 107 bytes. Where VAR leaves too little of them, run/ is a link to a folder with a short name.
lay_run() {
    RUN=$VAR/run
    [[ ! -L $RUN ]] || rm "$RUN"
    if ((${#RUN} <= 80)); then
        mkdir -p "$RUN"
    else
        RUN=${TMPDIR:-/tmp}/uncloud-$(sha256sum <<<"$VAR" | head -c 12)
        mkdir -m 700 "$RUN" 2>/dev/null || [[ -d $RUN && -O $RUN && ! -L $RUN ]] || die "$RUN is not ours"
        ln -s "$RUN" "$VAR/run"
    fi
}

lay_secret() {
    local file=$VAR/etc/secrets/$1
    [[ ! -s $file ]] || return 0
    (umask 077 && printf %s "$2" >"$file.new")
    mv "$file.new" "$file"
}

# Signed by itself, and its own authority: `curl --cacert` takes it.
lay_certificate() {
    [[ ! -s $VAR/tls/cert.pem ]] || return 0
    openssl req -x509 -config /dev/null -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes \
        -days 3650 -subj /CN=localhost \
        -addext subjectAltName=DNS:localhost,DNS:stripe.localhost,IP:127.0.0.1,IP:::1 \
        -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,digitalSignature,keyCertSign \
        -addext extendedKeyUsage=serverAuth \
        -keyout "$VAR/tls/key.pem" -out "$VAR/tls/cert.new" 2>"$VAR/log/certificate.log"
    mv "$VAR/tls/cert.new" "$VAR/tls/cert.pem"
}

lay_configuration() {
    render "$HERE/billing.toml.in" "$VAR/etc/billing.toml"
    [[ -z ${EXTRA_CONFIG:-} ]] || cat "$EXTRA_CONFIG" >>"$VAR/etc/billing.toml"
    render "$HERE/mariadb.cnf.in" "$VAR/etc/mariadb.cnf"
    render "$HERE/slapd.conf.in" "$VAR/etc/slapd.conf"
    local file name
    for file in "$ROOT"/nginx/*.conf{,.in}; do
        name=${file##*/}
        render "$file" "$VAR/etc/nginx/${name%.in}"
    done
    services >"$VAR/etc/services"
}

# render TEMPLATE FILE: puts the value of a variable for its @NAME@.
render() {
    local name substitutions=()
    for name in VAR RUN PORT TLS_PORT STRIPE_PORT THREADS ROOT RUN_AS UID GID NGINX_USER DIRECTORY_URL DIRECTORY_HASH \
        OPENAPI PAGES CARD_SCRIPTS CARD_FRAMES CARD_API REQUEST_RATE REQUEST_BURST CONNECTIONS VPN_DRIVER VPN_INTERFACE; do
        substitutions+=(-e "s|@$name@|${!name:-}|g")
    done
    sed "${substitutions[@]}" "$1" >"$2"
}

# What the supervisor keeps alive. A `once` begins a stage: stages end in reverse, nginx first, the databases last.
services() {
    cat <<END
service mariadb - TERM mariadbd --defaults-file=$VAR/etc/mariadb.cnf
service slapd - TERM slapd -d 0 -f $VAR/etc/slapd.conf -h $DIRECTORY_URL
once database $HERE/create-database $RUN/mariadb.sock $VAR/etc/secrets/database
once migrate $BUILD/bin/uncloud migrate
END
    [[ $DEMO != 1 ]] || echo "once demo $BUILD/bin/uncloud demo load"
    echo "service worker - TERM $BUILD/bin/uncloud-worker"
    echo "service stripe-fake $RUN/stripe-fake.sock TERM $BUILD/bin/stripe-fake"
    local program
    for program in "$BUILD"/cgi-bin/*; do
        [[ -f $program && -x $program ]] || continue
        echo "service ${program##*/} $RUN/${program##*/}.sock TERM $program"
    done
    local nginx="nginx -e stderr -p $VAR -c $VAR/etc/nginx/nginx.conf"
    echo "once nginx-check $nginx -t"
    echo "service nginx - QUIT $nginx"
}

lay_database() {
    local data=$VAR/data/mariadb
    [[ ! -d $data ]] || return 0
    rm -rf "$data.new" # of a laying that was cut short
    mariadb-install-db --defaults-file="$VAR/etc/mariadb.cnf" --user="$RUN_AS" --datadir="$data.new" --skip-test-db \
        --auth-root-authentication-method=socket --auth-root-socket-user="$RUN_AS" >"$VAR/log/mariadb-install.log" 2>&1 ||
        die "MariaDB cannot be laid: see $VAR/log/mariadb-install.log"
    mv "$data.new" "$data"
}

# Loaded anew only when the service account's password is younger than the directory.
lay_directory() {
    local data=$VAR/data/directory secret=$VAR/etc/secrets/directory
    [[ ! -e $data/data.mdb || $secret -nt $data/data.mdb ]] || return 0
    rm -rf "$data"
    mkdir "$data"
    DIRECTORY_HASH=$(slappasswd -h '{SSHA}' -T "$secret")
    slapadd -q -f "$VAR/etc/slapd.conf" -l <(render "$HERE/demo.ldif.in" /dev/stdout) >"$VAR/log/slapadd.log" 2>&1 ||
        die "the directory cannot be loaded: see $VAR/log/slapadd.log"
}
