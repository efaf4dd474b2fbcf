// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/signature.h"

#include "base/text.h"
#include "git/child_process.h"
#include "git/secret_files.h"

#include <filesystem>

namespace tiphys::git {

namespace {

/// Output of a run of gpg, whose failure is told by its status lines.
Expected<std::string> gpgOutput(const std::string &home, std::vector<std::string> arguments,
                                const std::stop_token &cancel)
{
    std::vector<std::string> all = {
        "gpg",           "--homedir", home,          "--batch", "--no-tty", "--no-autostart",
        "--trust-model", "always",    "--status-fd", "1"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    Expected<std::unique_ptr<ChildProcess>> gpg = ChildProcess::start({std::move(all), {{"LC_ALL", "C"}}}, cancel);
    if (!gpg)
        return failure(gpg.error().code() == ErrorCode::NotFound ? ErrorCode::Unsupported : gpg.error().code(),
                       "signatures are checked by gpg: " + gpg.error().message());
    (*gpg)->closeInput();
    std::string output;
    char buffer[4096];
    while (true) {
        const Expected<std::size_t> count = (*gpg)->read(buffer, sizeof buffer);
        if (!count)
            return std::unexpected(count.error());
        if (*count == 0)
            break;
        output.append(buffer, *count);
    }
    (*gpg)->wait();
    if (cancel.stop_requested())
        return failure(ErrorCode::Cancelled, "cancelled while checking a signature");
    return output;
}

} // namespace

std::string_view signatureText(SignatureState state)
{
    switch (state) {
    case SignatureState::Signed: return "signed";
    case SignatureState::Bad: return "bad signature";
    case SignatureState::UntrustedKey: return "signed with untrusted key";
    case SignatureState::Expired: return "expired signature";
    case SignatureState::ExpiredKey: return "signed with expired key";
    case SignatureState::RevokedKey: return "signed with revoked key";
    case SignatureState::UnknownKey: return "signed with key not in keyring";
    case SignatureState::Unsigned: return "unsigned";
    }
    return "unsigned";
}

SignatureCheck signatureCheckOf(std::string_view gpgStatus)
{
    static constexpr std::pair<std::string_view, SignatureState> kStates[] = {
        {"GOODSIG ", SignatureState::Signed},       {"BADSIG ", SignatureState::Bad},
        {"EXPSIG ", SignatureState::Expired},       {"EXPKEYSIG ", SignatureState::ExpiredKey},
        {"REVKEYSIG ", SignatureState::RevokedKey}, {"ERRSIG ", SignatureState::UnknownKey}};
    constexpr std::string_view kMark = "[GNUPG:] ";
    SignatureCheck check;
    for (std::string_view line : split(gpgStatus, '\n')) {
        if (!line.starts_with(kMark))
            continue;
        line.remove_prefix(kMark.size());
        for (const auto &[word, state] : kStates) {
            if (!line.starts_with(word))
                continue;
            // More than one signature proves nothing, as for git.
            if (check.state != SignatureState::Unsigned)
                return {SignatureState::UnknownKey, check.keyId};
            line.remove_prefix(word.size());
            check = {state, std::string(line.substr(0, line.find(' ')))};
            break;
        }
    }
    return check;
}

Expected<SignatureCheck> checkSignature(const Repository &repository, const Revision &revision,
                                        const std::vector<std::string> &armoredKeys, std::stop_token cancel)
{
    const Expected<SignedText> text = repository.signedText(revision);
    if (!text)
        return std::unexpected(text.error());
    if (!text->signature.starts_with("-----BEGIN PGP "))
        return SignatureCheck();
    SecretFiles files;
    const Expected<std::string> signature = files.add("signature.asc", text->signature);
    const Expected<std::string> payload = files.addExactly("payload", text->payload);
    const Expected<std::string> keys = files.add("keys.asc", join(armoredKeys, "\n"));
    for (const Expected<std::string> *file : {&signature, &payload, &keys})
        if (!*file)
            return std::unexpected(file->error());
    const std::string home = std::filesystem::path(*keys).parent_path().string();
    if (!armoredKeys.empty()) {
        const Expected<std::string> imported = gpgOutput(home, {"--import", *keys}, cancel);
        if (!imported)
            return std::unexpected(imported.error());
        if (!imported->contains("[GNUPG:] IMPORT_OK"))
            return failure(ErrorCode::InvalidInput, "the given OpenPGP keys cannot be read");
    }
    const Expected<std::string> status = gpgOutput(home, {"--verify", *signature, *payload}, cancel);
    if (!status)
        return std::unexpected(status.error());
    return signatureCheckOf(*status);
}

} // namespace tiphys::git
