// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/signature.h"

#include "engine/git/git_fixture.h"

#include <gmock/gmock.h>

#include <cstdlib>

namespace tiphys::git {

namespace {

/// A keyring with two keys, whose agent ends with it.
class Keyring
{
public:
    explicit Keyring(const std::string &folder) : m_home(folder)
    {
        for (const std::string name : {"ada", "bob"})
            outputOf(gpg("--quick-gen-key --pinentry-mode loopback --passphrase '' " + name + "@example.org ed25519 sign never"));
    }
    ~Keyring() { outputOf("gpgconf --homedir " + shellQuoted(m_home) + " --kill all"); }

    std::string gpg(const std::string &arguments) const { return "gpg --homedir " + shellQuoted(m_home) + " --batch --quiet " + arguments + " 2>/dev/null"; }
    std::string publicKey(const std::string &name) const { return outputOf(gpg("--armor --export " + name)); }
    /// 16 hex digits.
    std::string keyId(const std::string &name) const
    {
        return outputOf(gpg("--with-colons --list-keys " + name) + " | awk -F: '/^pub/{print $5}'").substr(0, 16);
    }
    const std::string &home() const { return m_home; }

private:
    std::string m_home;
};

} // namespace

TEST(SignatureCheck, IsReadFromTheStatusOfGpg)
{
    EXPECT_EQ(signatureCheckOf("[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 0123456789ABCDEF Ada\n"), (SignatureCheck{SignatureState::Signed, "0123456789ABCDEF"}));
    EXPECT_EQ(signatureCheckOf("[GNUPG:] EXPKEYSIG AA Ada\n").state, SignatureState::ExpiredKey);
    EXPECT_EQ(signatureCheckOf("[GNUPG:] REVKEYSIG AA Ada\n").state, SignatureState::RevokedKey);
    EXPECT_EQ(signatureCheckOf("[GNUPG:] EXPSIG AA Ada\n").state, SignatureState::Expired);
    EXPECT_EQ(signatureCheckOf("[GNUPG:] GOODSIG AA x\n[GNUPG:] GOODSIG BB y\n").state, SignatureState::UnknownKey);
    EXPECT_EQ(signatureCheckOf("GOODSIG AA said by no gpg\n").state, SignatureState::Unsigned);
}

TEST(SignatureCheck, TellsGoodBadUnknownAndUnsigned)
{
    if (std::system("command -v gpg gpg-agent gpgconf > /dev/null") != 0)
        GTEST_SKIP() << "no GnuPG on this machine";
    const TemporaryFolder folder;
    const TemporaryFolder home;
    const Keyring keyring(home.path());
    const GitFixture fixture(folder / "app");
    fixture.commit("unsigned");
    const std::string sign = "-c gpg.program=" + shellQuoted(folder / "gpg") + " -c user.signingkey=ada@example.org ";
    outputOf("printf '#!/bin/sh\\nexec gpg --homedir " + home.path() + " \"$@\"\\n' > " + shellQuoted(folder / "gpg") + " && chmod +x " + shellQuoted(folder / "gpg"));
    fixture.git(sign + "commit -q --allow-empty -S -m signed");
    fixture.git(sign + "tag -s -m tagged v1.0.0 HEAD~1");
    const Repository repository = *Repository::open(fixture.path());
    const auto check = [&](const std::string &revision, std::vector<std::string> keys) {
        const Expected<SignatureCheck> result = checkSignature(repository, *repository.resolve(revision), keys);
        EXPECT_TRUE(result) << (result ? "" : result.error().text());
        return result.value_or(SignatureCheck());
    };

    EXPECT_EQ(repository.commit(*repository.resolve("main"))->signature, SignatureKind::OpenPgp);
    EXPECT_EQ(check("main", {keyring.publicKey("ada")}), (SignatureCheck{SignatureState::Signed, keyring.keyId("ada")}));
    EXPECT_EQ(check("main", {keyring.publicKey("bob")}), (SignatureCheck{SignatureState::UnknownKey, keyring.keyId("ada")}));
    EXPECT_EQ(check("main", {}).state, SignatureState::UnknownKey);
    EXPECT_EQ(check("main~1", {keyring.publicKey("ada")}).state, SignatureState::Unsigned);
    EXPECT_EQ(check("v1.0.0", {keyring.publicKey("bob"), keyring.publicKey("ada")}).state, SignatureState::Signed);
    EXPECT_EQ(checkSignature(repository, *repository.resolve("main"), {"no key"}).error().code(), ErrorCode::InvalidInput);

    // The same signature over another text.
    fixture.git("cat-file commit main | sed 's/^signed$/changed/' > ../forged && git branch forged $(git hash-object -t commit -w ../forged)");
    EXPECT_EQ(check("forged", {keyring.publicKey("ada")}).state, SignatureState::Bad);
}

} // namespace tiphys::git
