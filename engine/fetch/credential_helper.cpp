// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/credential_helper.h"

#include "object/json.h"

#include <QProcess>

#include <algorithm>

namespace tiphys::fetch {

namespace {

constexpr int kMilliseconds = 10'000;

bool isName(const std::string &name)
{
    return !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
               || c == '.';
    });
}

} // namespace

Expected<RegistryLogin> loginFromHelper(const std::string &name, const std::string &host)
{
    const std::string program = "docker-credential-" + name;
    if (!isName(name))
        return failure(ErrorCode::InvalidInput, "credential helper has a name that no program has");
    QProcess process;
    process.start(QString::fromStdString(program), {QStringLiteral("get")});
    if (!process.waitForStarted(kMilliseconds))
        return failure(ErrorCode::NotFound, "credential helper " + program + " cannot be started");
    process.write(QByteArray::fromStdString(host));
    process.closeWriteChannel();
    if (!process.waitForFinished(kMilliseconds)) {
        process.kill();
        process.waitForFinished(1'000);
        return failure(ErrorCode::Timeout, "credential helper " + program + " did not answer in time");
    }
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return failure(ErrorCode::NotFound, "credential helper " + program + " has nothing for " + host);
    const Expected<object::Value> answer = object::parseJson(process.readAllStandardOutput().toStdString());
    if (!answer || !answer->isMap())
        return failure(ErrorCode::InvalidInput, "the answer of credential helper " + program + " cannot be read");
    const std::string user((*answer)["Username"].stringOr());
    std::string secret((*answer)["Secret"].stringOr());
    if (user == "<token>")
        return RegistryLogin{.username = {}, .password = {}, .identityToken = std::move(secret)};
    return RegistryLogin{.username = user, .password = std::move(secret), .identityToken = {}};
}

} // namespace tiphys::fetch
