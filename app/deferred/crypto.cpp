// SPDX-License-Identifier: GPL-3.0-or-later
// What templates use of OpenSSL. A function that is missing here is missing when a program is linked.
// clang-format off
#define TIPHYS_DEFERRED_LIBRARY crypto
#define TIPHYS_DEFERRED_FILE TIPHYS_CRYPTO_FILE
#define TIPHYS_DEFERRED_FUNCTIONS(F) \
    F(AUTHORITY_KEYID_free) F(AUTHORITY_KEYID_new) F(ASN1_IA5STRING_new) F(ASN1_OCTET_STRING_dup) F(ASN1_OCTET_STRING_free) F(ASN1_OCTET_STRING_new) \
    F(ASN1_OCTET_STRING_set) F(ASN1_STRING_get0_data) F(ASN1_STRING_length) F(ASN1_STRING_set) F(ASN1_TIME_adj) \
    F(BIO_ctrl) F(BIO_free) F(BIO_new) F(BIO_new_mem_buf) F(BIO_s_mem) F(BN_CTX_free) F(BN_CTX_new) F(BN_add) \
    F(BN_add_word) F(BN_bin2bn) F(BN_bn2dec) F(BN_dec2bn) F(BN_div) F(BN_dup) F(BN_exp) F(BN_free) \
    F(BN_is_negative) F(BN_is_zero) F(BN_lshift1) F(BN_mul) F(BN_new) F(BN_num_bits) F(BN_set_word) F(BN_sub) \
    F(BN_sub_word) F(BN_to_ASN1_INTEGER) F(BN_ucmp) F(CRYPTO_free) F(EVP_CIPHER_CTX_free) F(EVP_CIPHER_CTX_new) \
    F(EVP_CIPHER_CTX_set_padding) F(EVP_DecryptInit_ex) F(EVP_DecryptUpdate) F(EVP_Digest) F(EVP_EncryptFinal_ex) \
    F(EVP_EncryptInit_ex) F(EVP_EncryptUpdate) F(EVP_PBE_scrypt) F(EVP_PKCS82PKEY) F(EVP_PKEY_CTX_free) \
    F(EVP_PKEY_CTX_new) F(EVP_PKEY_CTX_new_id) F(EVP_PKEY_CTX_set_dsa_paramgen_bits) \
    F(EVP_PKEY_CTX_set_dsa_paramgen_q_bits) F(EVP_PKEY_Q_keygen) F(EVP_PKEY_free) F(EVP_PKEY_get_base_id) \
    F(EVP_PKEY_keygen) F(EVP_PKEY_keygen_init) F(EVP_PKEY_paramgen) F(EVP_PKEY_paramgen_init) F(EVP_aes_256_cbc) \
    F(EVP_sha1) F(EVP_sha256) F(EVP_sha512) F(GENERAL_NAMES_free) F(GENERAL_NAMES_new) F(GENERAL_NAME_new) \
    F(GENERAL_NAME_set0_value) F(HMAC) F(OPENSSL_sk_push) F(PEM_read_bio) F(PEM_write_bio_PrivateKey) \
    F(PEM_write_bio_PrivateKey_traditional) F(PEM_write_bio_X509) F(PKCS8_PRIV_KEY_INFO_free) \
    F(X509V3_EXT_conf_nid) F(X509_EXTENSION_free) F(X509_NAME_add_entry_by_NID) F(X509_add1_ext_i2d) \
    F(X509_add_ext) F(X509_check_private_key) F(X509_free) F(X509_get0_pubkey_bitstr) F(X509_get0_subject_key_id) \
    F(X509_get_issuer_name) F(X509_get_serialNumber) F(X509_get_subject_name) F(X509_getm_notAfter) F(X509_getm_notBefore) F(X509_new) \
    F(X509_set_issuer_name) F(X509_set_pubkey) F(X509_set_version) F(X509_sign) F(d2i_PKCS8_PRIV_KEY_INFO) \
    F(d2i_PrivateKey) F(d2i_X509) F(i2d_X509_NAME)
// clang-format on
#include "deferred/library.h"
