// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/probe_check.h"

#include "rollout/pod/name_rules.h"

#include <algorithm>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::int64_t kMostPort = 65535;

/// A port by number or name; absent counts as 0.
void checkPort(const Value &port, const FieldPath &path, Findings &findings)
{
    if (port.isString())
        findings.each(path, port.stringOr(), portNameProblems(port.stringOr()));
    else
        findings.inRange(path, port.intOr(0), 1, kMostPort);
}

void checkHttp(const Value &action, const FieldPath &path, Findings &findings)
{
    checkPort(action["port"], path.child("port"), findings);
    if (!textIn(action, "scheme").empty())
        findings.oneOf(path.child("scheme"), action["scheme"], {"HTTP", "HTTPS"});
    const Value headers = action["httpHeaders"];
    for (const Value &header : headers.items()) {
        const std::string_view name = textIn(header, "name");
        findings.each(path.child("httpHeaders"), name, headerNameProblems(name));
    }
}

void checkSleep(const Value &action, std::int64_t gracePeriodSeconds, const FieldPath &path, Findings &findings)
{
    const std::int64_t seconds = action["seconds"].intOr(0);
    if (seconds <= 0 || seconds > gracePeriodSeconds)
        findings.invalid(path, Value(seconds),
                         "must be greater than 0 and less than terminationGracePeriodSeconds ("
                             + std::to_string(gracePeriodSeconds)
                             + "). Enable AllowPodLifecycleSleepActionZeroValue feature gate for zero sleep.");
}

/// What a probe or a hook does: one of \p kinds.
void checkHandler(const Value &handler, std::initializer_list<std::string_view> kinds, std::int64_t gracePeriodSeconds,
                  const FieldPath &path, Findings &findings)
{
    bool hasHandler = false;
    for (const std::string_view kind : kinds) {
        const Value action = handler[kind];
        if (!isSet(action))
            continue;
        const FieldPath actionPath = path.child(kind);
        if (hasHandler)
            findings.forbidden(actionPath, "may not specify more than 1 handler type");
        else if (kind == "exec" && action["command"].size() == 0)
            findings.required(actionPath.child("command"));
        else if (kind == "httpGet")
            checkHttp(action, actionPath, findings);
        else if (kind == "tcpSocket" || kind == "grpc")
            checkPort(action["port"], actionPath.child("port"), findings);
        else if (kind == "sleep")
            checkSleep(action, gracePeriodSeconds, actionPath, findings);
        hasHandler = true;
    }
    if (!hasHandler)
        findings.required(path, "must specify a handler type");
}

void checkProbe(const Value &probe, std::int64_t gracePeriodSeconds, const FieldPath &path, Findings &findings)
{
    checkHandler(probe, {"exec", "httpGet", "tcpSocket", "grpc"}, gracePeriodSeconds, path, findings);
    for (const char *key :
         {"initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"})
        findings.notNegative(path.child(key), probe[key].intOr(0));
    const std::optional<std::int64_t> period = numberIn(probe, "terminationGracePeriodSeconds");
    if (period && *period <= 0)
        findings.invalid(path.child("terminationGracePeriodSeconds"), Value(*period), "must be greater than 0");
}

/// A probe that must succeed once, which 0 stands for too.
void checkOnce(const Value &probe, std::int64_t gracePeriodSeconds, const FieldPath &path, Findings &findings)
{
    checkProbe(probe, gracePeriodSeconds, path, findings);
    const std::int64_t threshold = probe["successThreshold"].intOr(0);
    if (threshold != 0 && threshold != 1)
        findings.invalid(path.child("successThreshold"), Value(threshold), "must be 1");
}

/// Signals that end a container of Linux.
/// Source: k8s.io/kubernetes/pkg/apis/core/validation (supportedStopSignalsLinux)@v1.34.1
#define TIPHYS_LINUX_SIGNALS                                                                                           \
    "SIGABRT", "SIGALRM", "SIGBUS", "SIGCHLD", "SIGCLD", "SIGCONT", "SIGFPE", "SIGHUP", "SIGILL", "SIGINT", "SIGIO",   \
        "SIGIOT", "SIGKILL", "SIGPIPE", "SIGPOLL", "SIGPROF", "SIGPWR", "SIGQUIT", "SIGRTMAX", "SIGRTMAX-1",           \
        "SIGRTMAX-10", "SIGRTMAX-11", "SIGRTMAX-12", "SIGRTMAX-13", "SIGRTMAX-14", "SIGRTMAX-2", "SIGRTMAX-3",         \
        "SIGRTMAX-4", "SIGRTMAX-5", "SIGRTMAX-6", "SIGRTMAX-7", "SIGRTMAX-8", "SIGRTMAX-9", "SIGRTMIN", "SIGRTMIN+1",  \
        "SIGRTMIN+10", "SIGRTMIN+11", "SIGRTMIN+12", "SIGRTMIN+13", "SIGRTMIN+14", "SIGRTMIN+15", "SIGRTMIN+2",        \
        "SIGRTMIN+3", "SIGRTMIN+4", "SIGRTMIN+5", "SIGRTMIN+6", "SIGRTMIN+7", "SIGRTMIN+8", "SIGRTMIN+9", "SIGSEGV",   \
        "SIGSTKFLT", "SIGSTOP", "SIGSYS", "SIGTERM", "SIGTRAP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG", "SIGUSR1",  \
        "SIGUSR2", "SIGVTALRM", "SIGWINCH", "SIGXCPU", "SIGXFSZ"

void checkSignal(const Value &signal, const Value &system, const FieldPath &path, Findings &findings)
{
    if (!isSet(system))
        findings.forbidden(path, "may not be set for containers with empty `spec.os.name`");
    else if (textIn(system, "name") == "windows")
        findings.oneOf(path, signal, {"SIGKILL", "SIGTERM"});
    else if (textIn(system, "name") == "linux")
        findings.oneOf(path, signal, {TIPHYS_LINUX_SIGNALS});
}

#undef TIPHYS_LINUX_SIGNALS

} // namespace

void checkProbes(const Value &container, std::int64_t gracePeriodSeconds, const FieldPath &path, Findings &findings)
{
    if (const Value probe = container["livenessProbe"]; isSet(probe))
        checkOnce(probe, gracePeriodSeconds, path.child("livenessProbe"), findings);
    if (const Value probe = container["readinessProbe"]; isSet(probe)) {
        const FieldPath probePath = path.child("readinessProbe");
        checkProbe(probe, gracePeriodSeconds, probePath, findings);
        if (const std::optional<std::int64_t> period = numberIn(probe, "terminationGracePeriodSeconds"))
            findings.invalid(probePath.child("terminationGracePeriodSeconds"), Value(*period),
                             "must not be set for readinessProbes");
    }
    if (const Value probe = container["startupProbe"]; isSet(probe))
        checkOnce(probe, gracePeriodSeconds, path.child("startupProbe"), findings);
}

void checkLifecycle(const Value &lifecycle, std::int64_t gracePeriodSeconds, const Value &system, const FieldPath &path,
                    Findings &findings)
{
    for (const char *key : {"postStart", "preStop"}) {
        const Value hook = lifecycle[key];
        if (isSet(hook))
            checkHandler(hook, {"exec", "httpGet", "tcpSocket", "sleep"}, gracePeriodSeconds, path.child(key),
                         findings);
    }
    if (const Value signal = lifecycle["stopSignal"]; isSet(signal))
        checkSignal(signal, system, path.child("stopSignal"), findings);
}

} // namespace tiphys::rollout
