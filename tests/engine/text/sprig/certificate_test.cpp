// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/sprig/sprig_case.h"

#include <gtest/gtest.h>

namespace tiphys::text {
namespace {

TEST(SprigCertificates, AreSignedByTheirAuthority)
{
    const SprigAnswer answer =
        sprigAnswer("{{ $ca := genCA \"root\" 365 }}"
                    "{{ $c := genSignedCert \"web\" (list \"10.0.0.1\" \"::1\") (list \"web.local\") 30 $ca }}"
                    "{{ $d := buildCustomCert (b64enc $c.Cert) (b64enc $c.Key) }}"
                    "{{ eq $c.Cert $d.Cert }} {{ eq $c.Key $d.Key }} {{ typeOf $ca }} "
                    "{{ regexFind \"^[^\\n]*\" $c.Cert }} {{ regexFind \"^[^\\n]*\" $c.Key }}");
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.output, "true true sprig.certificate -----BEGIN CERTIFICATE----- -----BEGIN RSA PRIVATE KEY-----");
}

/// A template that binds $der to the bytes of the certificate \p made.
std::string bytesOf(const std::string &made)
{
    return "{{ $der := " + made
           + ".Cert | replace \"\\n\" \"\" | trimPrefix \"-----BEGIN CERTIFICATE-----\" "
             "| trimSuffix \"-----END CERTIFICATE-----\" | b64dec }}";
}

TEST(SprigCertificates, WriteCommonNamesAsGoDoes)
{
    const std::string longName(76, 'a');
    const SprigAnswer answer =
        sprigAnswer(bytesOf("(genCA \"my-ca\" 1)") + R"({{ contains "\x13\x05my-ca" $der }} )"
                    + bytesOf("(genCA \"*.a_b\" 1)") + R"({{ contains "\x0c\x05*.a_b" $der }} )"
                    + bytesOf("(genCA \"" + longName + "\" 1)") + "{{ contains \"\\x13\\x4c" + longName + "\" $der }}");
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.output, "true true true");
}

TEST(SprigCertificates, HaveCriticalNamesWithoutASubjectAndNoAuthorityOfTheirOwnName)
{
    constexpr std::string_view alternativeNames = R"("\x06\x03\x55\x1d\x11\x01\x01\xff")";
    constexpr std::string_view authority = R"("\x06\x03\x55\x1d\x23")";
    const std::string text = bytesOf("(genSelfSignedCert \"\" nil (list \"a\") 1)") + "{{ contains "
                             + std::string(alternativeNames) + " $der }} {{ $ca := genCA \"root\" 1 }}"
                             + bytesOf("(genSignedCert \"root\" nil nil 1 $ca)") + "{{ contains "
                             + std::string(authority) + " $der }} " + bytesOf("(genSignedCert \"web\" nil nil 1 $ca)")
                             + "{{ contains " + std::string(authority) + " $der }}";
    const SprigAnswer answer = sprigAnswer(text);
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.output, "true false true");
}

TEST(SprigCertificates, RefuseNamesThatAreNotAscii)
{
    const SprigAnswer answer = sprigAnswer("{{ genSelfSignedCert \"x\" nil (list \"\u00fc.x\") 1 }}");
    EXPECT_NE(answer.error.find("error creating certificate: x509: \"\u00fc.x\" cannot be encoded as an IA5String"),
              std::string::npos)
        << answer.error;
}

struct KeyCase
{
    std::string type;
    std::string firstLine;
};

class SprigKeys : public testing::TestWithParam<KeyCase>
{
};

TEST_P(SprigKeys, MakeCertificatesOfAnyKind)
{
    const std::string text = "{{ $k := genPrivateKey \"" + GetParam().type
                             + "\" }}{{ regexFind \"^[^\\n]*\" $k }} "
                               "{{ $c := genSelfSignedCertWithKey \"x\" nil (list \"a\") 1 $k }}{{ eq $c.Key $k }} "
                               "{{ (genCAWithKey \"r\" 1 $k).Cert | trunc 27 }}";
    const SprigAnswer answer = sprigAnswer(text);
    EXPECT_EQ(answer.error, "");
    EXPECT_EQ(answer.output, GetParam().firstLine + " true -----BEGIN CERTIFICATE-----");
}

INSTANTIATE_TEST_SUITE_P(Types, SprigKeys,
                         testing::Values(KeyCase{"ecdsa", "-----BEGIN EC PRIVATE KEY-----"},
                                         KeyCase{"ed25519", "-----BEGIN PRIVATE KEY-----"}),
                         [](const auto &row) { return row.param.type; });

TEST(SprigCertificates, RefuseKeysThatDoNotFitTheAuthority)
{
    const SprigAnswer answer = sprigAnswer("{{ $k := genPrivateKey \"ecdsa\" }}{{ $ca := genCAWithKey \"a\" 1 $k }}"
                                           "{{ $o := genCAWithKey \"b\" 1 (genPrivateKey \"ecdsa\") }}"
                                           "{{ $m := buildCustomCert (b64enc $ca.Cert) (b64enc $o.Key) }}"
                                           "{{ genSignedCertWithKey \"x\" nil nil 1 $m $k }}");
    EXPECT_NE(answer.error.find("x509: provided PrivateKey doesn't match parent's PublicKey"), std::string::npos);
}

} // namespace
} // namespace tiphys::text
