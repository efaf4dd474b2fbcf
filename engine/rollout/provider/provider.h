// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "crd/field_reader.h"
#include "rollout/analysis/analysis.h"
#include "rollout/analysis/condition.h"
#include "rollout/moment.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Metric providers without a network: a measurement is a row of steps, each decided from the answers so far.
namespace tiphys::rollout::provider {

/// One request to a server. Never shown: headers and bodies may hold secrets.
struct HttpCall
{
    std::string method = "GET";
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    bool skipsVerification = false;
    std::chrono::milliseconds timeout{30'000};
};

/// Its answer, or why there was none.
struct HttpReply
{
    int status = 0;
    std::string body;
    std::string error;
};

/// A Secret that is needed first. ns is "" for the engine's own namespace.
struct SecretNeed
{
    std::string ns;
    std::string name;
    auto operator<=>(const SecretNeed &) const = default;
};
/// A file of the engine's machine that is needed first.
struct FileNeed
{
    std::string path;
};
/// A program of the engine's machine that is to be run first, by a shell.
struct ProgramNeed
{
    std::string command;
};
/// What it printed, or why it did not. Holds secrets.
struct ProgramAnswer
{
    std::string output;
    std::string error;
};
/// Decoded; empty where the Secret does not exist.
using SecretValues = std::map<std::string, std::string>;

using Step = std::variant<HttpCall, SecretNeed, FileNeed, ProgramNeed, Measurement>;

/// What steps are decided from.
struct Course
{
    const MeasurementRequest &request;
    std::string ns; ///< of the run
    std::optional<crd::Timestamp> runStartedAt;
    Moment now;
    std::map<std::string, std::string> environment; ///< variables of the process that providers read
    std::map<SecretNeed, SecretValues> secrets;
    std::vector<HttpReply> replies;                               ///< in the order of the calls
    std::map<std::string, std::optional<std::string>> files = {}; ///< by path; nothing where there is none
    std::map<std::string, ProgramAnswer> programs = {};           ///< by command
};

/// Largest answer that is read.
inline constexpr std::size_t kMostAnswerBytes = std::size_t{50} << 20;

/// Names of the environment variables that some provider reads.
std::vector<std::string> environmentNames();

/// True if the metric is a Job, which is the shell's: it needs the cluster and no network.
bool isJob(const Metric &metric);

/// What comes next for the metric of \p course: a call, a Secret or a file to read, a program to run, or the measurement. It is an error by itself
/// for a provider that is not supported: a measurement in phase Error that says so.
Step nextStep(const Course &course);

/// True if \p problem, the message of a measurement, means that there is no provider to ask, not that asking failed.
bool isConfigurationProblem(std::string_view problem);

/// What the result of a metric says beside its measurements.
/// Source: argo-rollouts metricproviders/*/ (GetMetadata)@v1.9.1
crd::TextMap metadataOf(const Metric &metric);

// For the files of the folder.

/// A measurement that could not be taken.
Measurement erroneous(Measurement measurement, std::string message, Moment now);
Measurement erroneous(const Course &course, std::string message);
/// A measurement of \p answer, whose text is \p shown.
Measurement assessed(const Course &course, const MetricAnswer &answer, std::string shown);

/// OAuth2 client credentials of an `authentication` block, as far as the replies of a course go. A token is asked for with
/// the identity in the header; where the server does not want it there, with the identity in the form.
/// Source: golang.org/x/oauth2 internal/token.go (RetrieveToken)@v0.34.0
struct OAuth
{
    std::string problem;          ///< what is missing in the block, or why there is no token
    std::optional<HttpCall> call; ///< for a token, while there is none
    std::string authorization;    ///< the header of other calls, "" if none is wanted
    std::size_t replies = 0;      ///< how many of the course were about the token
};
OAuth oauthOf(const Course &course, const object::Value &authentication, bool skipsVerification,
              std::chrono::milliseconds timeout);

/// \p text escaped for a query or a form; a space becomes "+".
/// Source: go net/url (QueryEscape)
std::string queryEscaped(std::string_view text);

/// "", or why \p reply is no JSON answer with a status of 2xx.
struct JsonReply
{
    object::Value value;
    std::string problem;
};
JsonReply jsonOf(const HttpReply &reply);

/// The Secret that \p need names; null if it has not been read yet.
const SecretValues *secretOf(const Course &course, const SecretNeed &need);
/// The value below \p key, "" if absent.
std::string valueIn(const SecretValues &secret, const std::string &key);

/// \p number with \p digits behind the point, as C's %f.
std::string fixed(double number, int digits);
/// Plain digits, as many as needed: Go's format 'f' with precision -1.
std::string plainDigits(double number);

Step cloudWatchStep(const Course &course);
Step datadogStep(const Course &course);
Step graphiteStep(const Course &course);
Step influxStep(const Course &course);
Step kayentaStep(const Course &course);
Step newRelicStep(const Course &course);
Step prometheusStep(const Course &course);
Step skyWalkingStep(const Course &course);
Step wavefrontStep(const Course &course);
Step webStep(const Course &course);

} // namespace tiphys::rollout::provider
