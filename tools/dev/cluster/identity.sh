# SPDX-License-Identifier: GPL-3.0-or-later
# Certificates of the cluster and a kubeconfig for each identity.
# shellcheck shell=bash disable=SC2154

# Those that people and tests use; the programs of the cluster have their own beside them.
identities=(admin readonly editor none)

# certificate NAME SUBJECT [OPENSSL ARGUMENTS…]: pki/NAME.key and pki/NAME.crt, signed by the cluster's authority.
certificate() {
    local file=$state/pki/$1 subject=$2
    shift 2
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -days 3650 -subj "$subject" \
        -keyout "$file.key" -out "$file.crt" "$@" 2>>"$state/log/openssl.log" ||
        fail "openssl made no certificate for $subject (see $state/log/openssl.log)"
}

client_certificate() {
    certificate "$1" "$2" -CA "$state/pki/ca.crt" -CAkey "$state/pki/ca.key" \
        -addext basicConstraints=critical,CA:false -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=clientAuth
}

make_certificates() {
    certificate ca "/CN=tiphys test cluster $name" -addext keyUsage=critical,keyCertSign,cRLSign
    certificate apiserver "/CN=kube-apiserver" -CA "$state/pki/ca.crt" -CAkey "$state/pki/ca.key" \
        -addext basicConstraints=critical,CA:false -addext keyUsage=critical,digitalSignature -addext extendedKeyUsage=serverAuth \
        -addext "subjectAltName=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.0.0.1"
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:prime256v1 -out "$state/pki/service-account.key"
    openssl pkey -in "$state/pki/service-account.key" -pubout -out "$state/pki/service-account.pub"

    client_certificate admin "/O=system:masters/CN=admin"
    client_certificate readonly "/O=tiphys:readonly/CN=readonly"
    client_certificate editor "/O=tiphys:editor/CN=editor"
    client_certificate none "/O=tiphys:none/CN=none"
    # The controllers act with this one identity, so it needs the rights of them all.
    client_certificate controller-manager "/O=system:masters/CN=system:kube-controller-manager"
    client_certificate scheduler "/CN=system:kube-scheduler"
    client_certificate kwok "/O=system:masters/CN=kwok"
    client_certificate argocd "/O=system:masters/CN=argocd"
    local identity
    for identity in "${identities[@]}" controller-manager scheduler kwok argocd; do
        write_kubeconfig "$identity"
    done
}

write_kubeconfig() {
    cat >"$state/kubeconfig/$1.yaml" <<YAML
apiVersion: v1
kind: Config
clusters:
- name: $name
  cluster:
    server: https://127.0.0.1:$api_port
    certificate-authority-data: $(base64 -w0 "$state/pki/ca.crt")
users:
- name: $1
  user:
    client-certificate-data: $(base64 -w0 "$state/pki/$1.crt")
    client-key-data: $(base64 -w0 "$state/pki/$1.key")
contexts:
- name: $1@$name
  context:
    cluster: $name
    user: $1
current-context: $1@$name
YAML
}

print_kubeconfig() {
    [[ " ${identities[*]} " == *" $1 "* ]] || fail "unknown identity '$1' (known: ${identities[*]})" 2
    [ -e "$state/kubeconfig/$1.yaml" ] || fail "the cluster in $state is down"
    echo "$state/kubeconfig/$1.yaml"
}
