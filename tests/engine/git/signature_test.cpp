// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/signed_history.h"

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
            outputOf(gpg("--quick-gen-key --pinentry-mode loopback --passphrase '' " + name
                         + "@example.org ed25519 sign never"));
    }
    ~Keyring() { outputOf("gpgconf --homedir " + shellQuoted(m_home) + " --kill all"); }

    std::string gpg(const std::string &arguments) const
    {
        return "gpg --homedir " + shellQuoted(m_home) + " --batch --quiet " + arguments + " 2>/dev/null";
    }
    std::string publicKey(const std::string &name) const { return outputOf(gpg("--armor --export " + name)); }
    /// 16 hex digits.
    std::string keyId(const std::string &name) const
    {
        return outputOf(gpg("--with-colons --list-keys " + name) + " | awk -F: '/^pub/{print $5}'").substr(0, 16);
    }
    const std::string &home() const { return m_home; }
    /// Arguments of git with which it signs as ada, by a script in \p folder.
    std::string signing(const TemporaryFolder &folder) const
    {
        const std::string program = shellQuoted(folder / "gpg");
        outputOf("printf '#!/bin/sh\\nexec gpg --homedir " + m_home + " \"$@\"\\n' > " + program + " && chmod +x "
                 + program);
        return "-c gpg.program=" + program + " -c user.signingkey=ada@example.org ";
    }

private:
    std::string m_home;
};

bool hasGpg()
{
    return std::system("command -v gpg gpg-agent gpgconf > /dev/null") == 0;
}

/// "first word of the subject: result" of each.
std::vector<std::string> told(const Repository &repository, const std::string &revision, HistoryDepth depth,
                              const std::vector<std::string> &keys)
{
    const Expected<std::vector<SignedRevision>> found =
        signedRevisions(repository, *repository.resolve(revision), depth, keys);
    if (!found)
        return {found.error().text()};
    std::vector<std::string> lines;
    for (const SignedRevision &one : *found) {
        const std::string name =
            one.isTag ? one.revision : std::string(repository.commit({one.revision, one.revision, ""})->subject());
        lines.push_back(name + ": " + std::string(signatureText(one.check.state)));
    }
    return lines;
}

} // namespace

TEST(SignedRevisions, GoBackToASignedSealAndJustBehindIt)
{
    if (!hasGpg())
        GTEST_SKIP() << "no GnuPG on this machine";
    const TemporaryFolder folder;
    const TemporaryFolder home;
    const Keyring keyring(home.path());
    const GitFixture fixture(folder / "app");
    const std::string sign = keyring.signing(folder);
    const auto commit = [&](const std::string &flags, const std::string &message) {
        fixture.git(sign + "commit -q --allow-empty " + flags + " -m " + shellQuoted(message));
    };
    commit("", "first");
    commit("", "false-seal\n\nArgocd-gpg-seal: not signed");
    commit("-S", "seal\n\nArgocd-GPG-seal: all before was reviewed");
    commit("-S", "signed");
    fixture.git("tag light");
    fixture.git(sign + "tag -s -m tagged v1.0.0");
    fixture.git("tag -a -m plain v2.0.0");
    commit("", "last");
    const Repository repository = *Repository::open(fixture.path());
    const std::vector<std::string> keys{keyring.publicKey("ada")};
    using Lines = std::vector<std::string>;

    EXPECT_EQ(told(repository, "main", HistoryDepth::Head, keys), (Lines{"last: unsigned"}));
    EXPECT_EQ(told(repository, "main", HistoryDepth::Sealed, keys),
              (Lines{"last: unsigned", "signed: signed", "seal: signed"}));
    EXPECT_EQ(told(repository, "main~2", HistoryDepth::Sealed, keys), (Lines{"seal: signed"}));
    EXPECT_EQ(told(repository, "main~3", HistoryDepth::Sealed, keys),
              (Lines{"false-seal: unsigned", "first: unsigned"}));
    EXPECT_EQ(told(repository, "v1.0.0", HistoryDepth::Head, keys), (Lines{"v1.0.0: signed"}));
    EXPECT_EQ(told(repository, "v1.0.0", HistoryDepth::Sealed, keys),
              (Lines{"v1.0.0: signed", "signed: signed", "seal: signed"}));
    EXPECT_EQ(told(repository, "v2.0.0", HistoryDepth::Head, keys), (Lines{"v2.0.0: unsigned"}));
    EXPECT_EQ(told(repository, "light", HistoryDepth::Head, keys), (Lines{"signed: signed"}));
    // A key that nobody knows makes no seal.
    EXPECT_EQ(told(repository, "main~1", HistoryDepth::Sealed, {keyring.publicKey("bob")}),
              (Lines{"signed: signed with key not in keyring", "seal: signed with key not in keyring",
                     "false-seal: unsigned", "first: unsigned"}));
    const auto tag = signedRevisions(repository, *repository.resolve("v1.0.0"), HistoryDepth::Head, keys);
    EXPECT_TRUE(tag->front().author.ends_with('>')) << tag->front().author;
    EXPECT_EQ(tag->front().check.keyId, keyring.keyId("ada"));
}

TEST(SignatureCheck, IsReadFromTheStatusOfGpg)
{
    EXPECT_EQ(signatureCheckOf("[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG 0123456789ABCDEF Ada\n"),
              (SignatureCheck{SignatureState::Signed, "0123456789ABCDEF"}));
    EXPECT_EQ(signatureCheckOf("[GNUPG:] EXPKEYSIG AA Ada\n").state, SignatureState::ExpiredKey);
    EXPECT_EQ(signatureCheckOf("[GNUPG:] REVKEYSIG AA Ada\n").state, SignatureState::RevokedKey);
    EXPECT_EQ(signatureCheckOf("[GNUPG:] EXPSIG AA Ada\n").state, SignatureState::Expired);
    EXPECT_EQ(signatureCheckOf("[GNUPG:] GOODSIG AA x\n[GNUPG:] GOODSIG BB y\n").state, SignatureState::UnknownKey);
    EXPECT_EQ(signatureCheckOf("GOODSIG AA said by no gpg\n").state, SignatureState::Unsigned);
}

TEST(SignatureCheck, TellsGoodBadUnknownAndUnsigned)
{
    if (!hasGpg())
        GTEST_SKIP() << "no GnuPG on this machine";
    const TemporaryFolder folder;
    const TemporaryFolder home;
    const Keyring keyring(home.path());
    const GitFixture fixture(folder / "app");
    fixture.commit("unsigned");
    const std::string sign = keyring.signing(folder);
    fixture.git(sign + "commit -q --allow-empty -S -m signed");
    fixture.git(sign + "tag -s -m tagged v1.0.0 HEAD~1");
    const Repository repository = *Repository::open(fixture.path());
    const auto check = [&](const std::string &revision, std::vector<std::string> keys) {
        const Expected<SignatureCheck> result = checkSignature(repository, *repository.resolve(revision), keys);
        EXPECT_TRUE(result) << (result ? "" : result.error().text());
        return result.value_or(SignatureCheck());
    };

    EXPECT_EQ(repository.commit(*repository.resolve("main"))->signature, SignatureKind::OpenPgp);
    EXPECT_EQ(check("main", {keyring.publicKey("ada")}),
              (SignatureCheck{SignatureState::Signed, keyring.keyId("ada")}));
    EXPECT_EQ(check("main", {keyring.publicKey("bob")}),
              (SignatureCheck{SignatureState::UnknownKey, keyring.keyId("ada")}));
    EXPECT_EQ(check("main", {}).state, SignatureState::UnknownKey);
    EXPECT_EQ(check("main~1", {keyring.publicKey("ada")}).state, SignatureState::Unsigned);
    EXPECT_EQ(check("v1.0.0", {keyring.publicKey("bob"), keyring.publicKey("ada")}).state, SignatureState::Signed);
    EXPECT_EQ(checkSignature(repository, *repository.resolve("main"), {"no key"}).error().code(),
              ErrorCode::InvalidInput);

    // The same signature over another text.
    fixture.git("cat-file commit main | sed 's/^signed$/changed/' > ../forged && git branch forged $(git hash-object "
                "-t commit -w ../forged)");
    EXPECT_EQ(check("forged", {keyring.publicKey("ada")}).state, SignatureState::Bad);
}

} // namespace tiphys::git
