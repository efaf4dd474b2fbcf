// SPDX-License-Identifier: GPL-3.0-or-later
#include "kube/exec_plugin.h"

#include "async/completion.h"
#include "base/base64.h"
#include "base/text.h"
#include "object/json.h"

#include <QDateTime>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStandardPaths>
#include <QTimer>

namespace tiphys::kube {

namespace {

using object::Value;

constexpr std::string_view kInternalVersion = "client.authentication.k8s.io/__internal";

QString qtText(const std::string &text)
{
    return QString::fromStdString(text);
}

/// \p text without terminal escape sequences.
std::string withoutEscapes(std::string_view text)
{
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\x1b') {
            plain += text[i];
            continue;
        }
        if (i + 1 < text.size() && text[i + 1] == '[') {
            ++i;
            while (i + 1 < text.size() && (text[i + 1] < '@' || text[i + 1] > '~'))
                ++i;
            ++i;
        }
    }
    return plain;
}

Expected<QString> programOf(const ExecConfig &exec)
{
    const QString command = qtText(exec.command);
    if (exec.command.find_first_of("/\\") != std::string::npos)
        return command;
    const QString found = QStandardPaths::findExecutable(command);
    if (!found.isEmpty())
        return found;
    std::string message = "exec: executable " + exec.command + " not found";
    const std::string hint = withoutEscapes(exec.installHint);
    if (!hint.empty())
        message += ": " + std::string(trimmed(hint));
    return failure(ErrorCode::NotFound, std::move(message));
}

QProcessEnvironment environmentOf(const ExecConfig &exec, const std::string &info)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const auto &[name, value] : exec.environment)
        environment.insert(qtText(name), qtText(value));
    environment.insert(QStringLiteral("KUBERNETES_EXEC_INFO"), qtText(info));
    return environment;
}

/// The message for a plugin that ended badly, with what it wrote for people.
Error failed(const std::string &message, const QByteArray &standardError)
{
    const std::string said = standardError.left(1000).toStdString();
    const std::string_view line = trimmed(said);
    return {ErrorCode::Unauthorized, line.empty() ? message : message + ": " + std::string(line)};
}

/// "90s", "4m".
std::string spanText(std::chrono::milliseconds time)
{
    if (time < std::chrono::seconds(1))
        return std::to_string(time.count()) + "ms";
    const auto seconds = time.count() / 1000;
    return seconds % 60 == 0 ? std::to_string(seconds / 60) + "m" : std::to_string(seconds) + "s";
}

} // namespace

std::string execInfo(const ExecConfig &exec, const ClusterEntry &cluster, const std::string &caPem)
{
    Value spec = Value::map({{"interactive", false}});
    if (exec.wantsClusterInfo) {
        Value info = Value::map({{"server", cluster.server}});
        if (!cluster.tlsServerName.empty())
            info = info.with("tls-server-name", cluster.tlsServerName);
        if (cluster.skipsTlsVerification)
            info = info.with("insecure-skip-tls-verify", true);
        if (!caPem.empty())
            info = info.with("certificate-authority-data", base64Of(caPem));
        if (!cluster.proxyUrl.empty())
            info = info.with("proxy-url", cluster.proxyUrl);
        if (cluster.disablesCompression)
            info = info.with("disable-compression", true);
        if (!cluster.execConfig.isNull())
            info = info.with("config", cluster.execConfig);
        spec = spec.with("cluster", info);
    }
    return object::toJson(Value::map({{"kind", "ExecCredential"}, {"apiVersion", exec.apiVersion}, {"spec", spec}}));
}

Expected<ExecCredential> parseExecOutput(std::string_view output, const std::string &apiVersion)
{
    const auto bad = [](std::string message) { return failure(ErrorCode::Unauthorized, std::move(message)); };
    const auto otherVersion = [&](std::string_view version) {
        return bad("exec plugin is configured to use API version " + apiVersion + ", plugin returned version "
                   + std::string(version));
    };
    if (trimmed(output).empty())
        return otherVersion(kInternalVersion);
    const Expected<Value> parsed = object::parseJson(output);
    if (!parsed)
        return bad("decoding stdout: " + parsed.error().message());
    if (parsed->isMap() && parsed->size() == 0)
        return otherVersion(kInternalVersion);
    if ((*parsed)["kind"].stringOr() != "ExecCredential")
        return bad("decoding stdout: the output is not an ExecCredential");
    if ((*parsed)["apiVersion"].stringOr() != apiVersion)
        return otherVersion((*parsed)["apiVersion"].stringOr());
    const Value status = (*parsed)["status"];
    if (!status.isMap())
        return bad("exec plugin didn't return a status field");
    ExecCredential credential{.token = std::string(status["token"].stringOr()),
                              .certificatePem = std::string(status["clientCertificateData"].stringOr()),
                              .keyPem = std::string(status["clientKeyData"].stringOr())};
    if (credential.token.empty() && credential.certificatePem.empty() && credential.keyPem.empty())
        return bad("exec plugin didn't return a token or cert/key pair");
    if (credential.certificatePem.empty() != credential.keyPem.empty())
        return bad("exec plugin returned only certificate or key, not both");
    const Value expires = status["expirationTimestamp"];
    if (!expires.isNull()) {
        const QDateTime time = QDateTime::fromString(qtText(std::string(expires.stringOr())), Qt::ISODateWithMs);
        if (!time.isValid())
            return bad("decoding stdout: expirationTimestamp is not a time");
        credential.expires = time.toMSecsSinceEpoch();
    }
    return credential;
}

Async<ExecCredential> runExecPlugin(ExecConfig exec, ClusterEntry cluster, std::string caPem, CancelToken cancel,
                                    ExecTimes times, ExecNews onWaiting)
{
    if (exec.interactiveMode == InteractiveMode::Always)
        co_return failure(ErrorCode::Unsupported,
                          "exec plugin cannot support interactive mode: standard input is not a terminal");
    const Expected<QString> program = programOf(exec);
    if (!program)
        co_return std::unexpected(program.error());
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    QProcess process;
    process.setProcessEnvironment(environmentOf(exec, execInfo(exec, cluster, caPem)));
    process.setStandardInputFile(QProcess::nullDevice());
    QStringList arguments;
    for (const std::string &argument : exec.arguments)
        arguments.append(qtText(argument));
    const async::Completion<void> ended;
    QObject::connect(&process, &QProcess::finished, &process, [ended] { ended.set({}); });
    QObject::connect(&process, &QProcess::errorOccurred, &process, [ended, &process](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            ended.fail(Error(ErrorCode::NotFound, process.errorString().toStdString()));
    });
    const async::CancelRegistration registration = cancel.onCancel([&process] { process.kill(); });
    const std::chrono::milliseconds limit = times.limitOf(exec.interactiveMode);
    QByteArray said;
    bool isOverdue = false;
    QTimer overdue;
    overdue.setSingleShot(true);
    QObject::connect(&overdue, &QTimer::timeout, &process, [&process, &isOverdue] {
        isOverdue = true;
        process.kill();
    });
    QTimer telling;
    std::chrono::milliseconds taken{0};
    QObject::connect(&telling, &QTimer::timeout, &process, [&] {
        taken += times.untilTold;
        said += process.readAllStandardError();
        onWaiting(failed("exec: executable " + exec.command + " has not answered for " + spanText(taken)
                             + " (it may wait for a sign-in in another window; it is ended after " + spanText(limit)
                             + ")",
                         said));
    });
    process.start(*program, arguments);
    overdue.start(limit);
    if (onWaiting)
        telling.start(times.untilTold);
    const Expected<void> result = co_await ended;
    overdue.stop();
    telling.stop();
    if (cancel.isCancelled())
        co_return std::unexpected(async::cancelledError());
    if (!result)
        co_return failure(ErrorCode::NotFound,
                          "exec: fork/exec " + program->toStdString() + ": " + result.error().message());
    const QByteArray standardError = said + process.readAllStandardError();
    if (isOverdue && process.exitStatus() != QProcess::NormalExit)
        co_return std::unexpected(
            failed("exec: executable " + exec.command + " did not answer within " + spanText(limit) + " and was ended",
                   standardError));
    if (process.exitStatus() != QProcess::NormalExit)
        co_return std::unexpected(failed("exec: executable " + exec.command + " was ended by a signal", standardError));
    if (process.exitCode() != 0)
        co_return std::unexpected(
            failed("exec: executable " + exec.command + " failed with exit code " + std::to_string(process.exitCode()),
                   standardError));
    co_return parseExecOutput(process.readAllStandardOutput().toStdString(), exec.apiVersion);
}

} // namespace tiphys::kube
