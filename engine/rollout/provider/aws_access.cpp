// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/aws_access.h"

#include "base/text.h"
#include "object/json.h"
#include "rollout/provider/aws_profile.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tiphys::rollout::provider {

using object::Value;

namespace {

constexpr int kMostProfiles = 5;
constexpr std::chrono::milliseconds kTimeout{10'000};
/// A machine that is no EC2 instance has nobody who answers.
constexpr std::chrono::milliseconds kInstanceTimeout{2'000};

std::string settingOf(const AwsProfile &profile, const std::string &name)
{
    const auto found = profile.find(name);
    return found == profile.end() ? std::string() : found->second;
}

/// Hosts whose credentials may come without encryption.
bool isNearHost(std::string_view host)
{
    static constexpr std::array<std::string_view, 6> kHosts{"localhost",      "::1",          "169.254.170.2",
                                                            "169.254.170.23", "fd00:ec2::23", ""};
    return host.starts_with("127.") || (!host.empty() && std::ranges::contains(kHosts, host));
}

std::string hostOf(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    url.remove_prefix(scheme == std::string_view::npos ? url.size() : scheme + 3);
    url = url.substr(0, url.find_first_of("/?#"));
    if (url.starts_with('['))
        return std::string(url.substr(1, url.find(']') - 1));
    return std::string(url.substr(0, url.find(':')));
}

/// The text of the first element \p name; its values need no unescaping.
std::string elementOf(std::string_view xml, const std::string &name)
{
    const std::size_t begin = xml.find("<" + name + ">");
    if (begin == std::string_view::npos)
        return {};
    xml.remove_prefix(begin + name.size() + 2);
    return std::string(trimmed(xml.substr(0, xml.find("</" + name + ">"))));
}

class Chain
{
public:
    Chain(const Course &course, const AwsWish &wish, std::size_t skipped)
        : m_course(course), m_wish(wish), m_at(skipped), m_first(skipped)
    {
    }

    AwsAccess access()
    {
        m_access.region = regionOf();
        if (!isOver())
            m_access.credentials = found();
        if (!isOver() && !m_wish.role.empty())
            m_access.credentials = assumed(m_access.credentials, m_wish.role, {});
        m_access.replies = m_at - m_first;
        if (isOver())
            m_access.credentials = {};
        return std::move(m_access);
    }

private:
    bool isOver() const { return m_access.next || !m_access.problem.empty(); }
    AwsCredentials refused(std::string problem)
    {
        m_access.problem = std::move(problem);
        return {};
    }

    std::string variable(const std::string &name) const
    {
        const auto known = m_course.environment.find(name);
        return known == m_course.environment.end() ? std::string() : known->second;
    }

    /// What \p path holds; nothing if it does not exist, or has to be read first.
    std::optional<std::string> file(const std::string &path)
    {
        if (path.empty())
            return std::nullopt;
        const auto known = m_course.files.find(path);
        if (known != m_course.files.end())
            return known->second;
        m_access.next = FileNeed{path};
        return std::nullopt;
    }

    /// The reply to \p call; nothing if it has to be sent first.
    std::optional<HttpReply> reply(HttpCall call, std::chrono::milliseconds timeout = kTimeout)
    {
        if (m_at < m_course.replies.size())
            return m_course.replies[m_at++];
        call.timeout = timeout;
        m_access.next = std::move(call);
        return std::nullopt;
    }

    std::string pathOf(const std::string &name, const std::string &below) const
    {
        const std::string path = variable(name), home = variable("HOME");
        return !path.empty() || home.empty() ? path : home + below;
    }
    std::string configPath() const { return pathOf("AWS_CONFIG_FILE", "/.aws/config"); }
    std::string credentialsPath() const { return pathOf("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials"); }

    std::string profileName() const
    {
        for (const std::string &name : {m_wish.profile, variable("AWS_PROFILE"), variable("AWS_DEFAULT_PROFILE")}) {
            if (!name.empty())
                return name;
        }
        return "default";
    }

    std::optional<AwsProfile> profile(const std::string &name)
    {
        const std::optional<std::string> config = file(configPath());
        if (isOver())
            return std::nullopt;
        const std::optional<std::string> credentials = file(credentialsPath());
        if (isOver())
            return std::nullopt;
        return awsProfileOf(config.value_or(""), credentials.value_or(""), name);
    }

    std::string regionOf()
    {
        if (!m_wish.region.empty())
            return m_wish.region;
        if (const std::string known = awsRegionOf(m_course.environment); !known.empty())
            return known;
        const std::optional<AwsProfile> settings = profile(profileName());
        return settings ? settingOf(*settings, "region") : std::string();
    }

    AwsCredentials found()
    {
        if (!m_wish.profile.empty())
            return ofProfile(m_wish.profile, 0);
        AwsCredentials keys = awsCredentialsOf(m_course.environment);
        if (!keys.accessKey.empty() && !keys.secretKey.empty())
            return keys;
        if (const std::string token = variable("AWS_WEB_IDENTITY_TOKEN_FILE"); !token.empty())
            return ofWebIdentity(token, variable("AWS_ROLE_ARN"), variable("AWS_ROLE_SESSION_NAME"));
        return ofProfile(profileName(), 0);
    }

    AwsCredentials ofProfile(const std::string &name, int depth)
    {
        const std::optional<AwsProfile> known = profile(name);
        if (isOver())
            return {};
        if (depth > kMostProfiles)
            return refused("AWS profile '" + name + "' refers to too many others");
        if (!known && name != "default")
            return refused("failed to get shared config profile, " + name + ": neither " + placeOf(credentialsPath())
                           + " nor " + placeOf(configPath()) + " has it");
        const AwsProfile settings = known.value_or(AwsProfile());
        const std::string role = settingOf(settings, "role_arn");
        if (!settingOf(settings, "mfa_serial").empty() && !role.empty())
            return refused("AWS profile '" + name + "' asks for a code of MFA, which is not supported");
        const AwsCredentials base = baseOf(name, settings, depth);
        if (isOver() || role.empty() || !settingOf(settings, "web_identity_token_file").empty())
            return base;
        return assumed(base, role, settings);
    }

    AwsCredentials baseOf(const std::string &name, const AwsProfile &settings, int depth)
    {
        const AwsCredentials keys{settingOf(settings, "aws_access_key_id"),
                                  settingOf(settings, "aws_secret_access_key"),
                                  settingOf(settings, "aws_session_token")};
        const bool hasKeys = !keys.accessKey.empty() && !keys.secretKey.empty();
        const std::string role = settingOf(settings, "role_arn"), source = settingOf(settings, "source_profile");
        if (!role.empty() && !source.empty() && source != name)
            return ofProfile(source, depth + 1);
        if (hasKeys)
            return keys;
        if (const std::string kind = settingOf(settings, "credential_source"); !kind.empty())
            return ofSource(name, kind);
        if (const std::string token = settingOf(settings, "web_identity_token_file"); !token.empty())
            return ofWebIdentity(token, role, settingOf(settings, "role_session_name"));
        if (settings.contains("sso_session") || settings.contains("sso_start_url"))
            return refused("AWS profile '" + name + "' signs in by SSO, which is not supported");
        if (const std::string command = settingOf(settings, "credential_process"); !command.empty())
            return ofProgram(name, command);
        return ofContainer();
    }

    /// What the program says is secret: no problem quotes it.
    /// Source: aws-sdk-go-v2 credentials/processcreds/provider.go@config/v1.29.9
    AwsCredentials ofProgram(const std::string &name, const std::string &command)
    {
        const auto known = m_course.programs.find(command);
        if (known == m_course.programs.end()) {
            m_access.next = ProgramNeed{command};
            return {};
        }
        const std::string place = "error in credential_process of AWS profile '" + name + "': ";
        if (!known->second.error.empty())
            return refused(place + known->second.error);
        const Expected<Value> keys = object::parseJson(known->second.output);
        if (!keys)
            return refused(place + "parse failed of process output");
        if ((*keys)["Version"].intOr(0) != 1)
            return refused(place + "wrong version in process output (not 1)");
        for (const char *field : {"AccessKeyId", "SecretAccessKey"}) {
            if ((*keys)[field].stringOr().empty())
                return refused(place + "missing " + field + " in process output");
        }
        return {std::string((*keys)["AccessKeyId"].stringOr()), std::string((*keys)["SecretAccessKey"].stringOr()),
                std::string((*keys)["SessionToken"].stringOr())};
    }

    AwsCredentials ofSource(const std::string &name, const std::string &kind)
    {
        if (kind == "EcsContainer")
            return ofContainer();
        if (kind == "Ec2InstanceMetadata")
            return ofInstance();
        if (kind != "Environment")
            return refused("AWS profile '" + name + "' has its credentials from " + kind + ", which is not supported");
        AwsCredentials keys = awsCredentialsOf(m_course.environment);
        if (keys.accessKey.empty() || keys.secretKey.empty())
            return refused("AWS profile '" + name + "' has its credentials from the environment, which lacks them");
        return keys;
    }

    AwsCredentials ofContainer()
    {
        const std::string path = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
        const std::string url =
            path.empty() ? variable("AWS_CONTAINER_CREDENTIALS_FULL_URI") : "http://169.254.170.2" + path;
        if (url.empty())
            return ofInstance();
        if (!url.starts_with("https://") && !isNearHost(hostOf(url)))
            return refused("invalid endpoint host, \"" + hostOf(url) + "\", only loopback/ecs/eks hosts are allowed");
        std::string token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
        if (const std::string tokenPath = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"); !tokenPath.empty()) {
            const std::optional<std::string> read = file(tokenPath);
            if (isOver())
                return {};
            if (!read)
                return refused("failed to read authorization token from " + tokenPath + ": no such file");
            token = *read;
        }
        HttpCall call{.url = url, .headers = {{"Accept", "application/json"}}};
        if (!token.empty())
            call.headers.emplace_back("Authorization", token);
        const std::optional<HttpReply> answer = reply(std::move(call));
        if (!answer)
            return {};
        const JsonReply json = jsonOf(*answer);
        if (!json.problem.empty())
            return refused("AWS credentials of the container: " + json.problem);
        return complete({std::string(json.value["AccessKeyId"].stringOr()),
                         std::string(json.value["SecretAccessKey"].stringOr()),
                         std::string(json.value["Token"].stringOr())},
                        "AWS credentials of the container");
    }

    AwsCredentials noneFound(const std::string &instance)
    {
        return refused("no AWS credentials: looked for AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
                       "AWS_WEB_IDENTITY_TOKEN_FILE, profile '"
                       + profileName() + "' in " + placeOf(credentialsPath()) + " and " + placeOf(configPath())
                       + ", AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI, and the "
                         "role of an EC2 instance: "
                       + instance);
    }

    /// The role of the EC2 instance that this is, by its metadata service: of version 2 where that gives a token.
    /// Source: aws-sdk-go-v2 feature/ec2/imds, credentials/ec2rolecreds@config/v1.29.9
    AwsCredentials ofInstance()
    {
        if (asciiLower(variable("AWS_EC2_METADATA_DISABLED")) == "true")
            return noneFound("AWS_EC2_METADATA_DISABLED is set");
        std::string service = variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
        if (service.empty())
            service = asciiLower(variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")) == "ipv6"
                          ? "http://[fd00:ec2::254]"
                          : "http://169.254.169.254";
        if (service.ends_with('/'))
            service.pop_back();
        const std::optional<HttpReply> token = reply({.method = "PUT",
                                                      .url = service + "/latest/api/token",
                                                      .headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}}},
                                                     kInstanceTimeout);
        if (!token)
            return {};
        const std::string place = service + "/latest/meta-data/iam/security-credentials/";
        HttpCall call{.url = place};
        const bool hasToken = token->error.empty() && token->status == 200;
        if (!hasToken && asciiLower(variable("AWS_EC2_METADATA_V1_DISABLED")) == "true")
            return noneFound(token->error.empty() ? "it gives no token: status " + std::to_string(token->status)
                                                  : token->error);
        if (hasToken)
            call.headers.emplace_back("x-aws-ec2-metadata-token", std::string(trimmed(token->body)));
        const std::optional<HttpReply> roles = reply(call, kInstanceTimeout);
        if (!roles)
            return {};
        const std::string role(trimmed(std::string_view(roles->body).substr(0, roles->body.find('\n'))));
        if (!roles->error.empty() || roles->status != 200 || role.empty())
            return noneFound(!roles->error.empty()  ? roles->error
                             : roles->status == 200 ? "it has none"
                                                    : place + " answers with status " + std::to_string(roles->status));
        call.url = place + role;
        const std::optional<HttpReply> answer = reply(call, kInstanceTimeout);
        if (!answer)
            return {};
        const JsonReply json = jsonOf(*answer);
        const std::string what = "AWS credentials of the EC2 instance's role " + role;
        if (!json.problem.empty())
            return refused(what + ": " + json.problem);
        if (json.value["Code"].stringOr() != "Success")
            return refused(what + ": " + std::string(json.value["Code"].stringOr()) + ", "
                           + std::string(json.value["Message"].stringOr()));
        return complete({std::string(json.value["AccessKeyId"].stringOr()),
                         std::string(json.value["SecretAccessKey"].stringOr()),
                         std::string(json.value["Token"].stringOr())},
                        what);
    }

    AwsCredentials ofWebIdentity(const std::string &tokenPath, const std::string &role, const std::string &session)
    {
        if (role.empty())
            return refused("role ARN is not set");
        const std::optional<std::string> token = file(tokenPath);
        if (isOver())
            return {};
        if (!token)
            return refused("failed to retrieve jwt from provided path: " + tokenPath + " does not exist");
        return ofSts("AssumeRoleWithWebIdentity",
                     "&RoleArn=" + queryEscaped(role) + "&RoleSessionName=" + queryEscaped(sessionOr(session))
                         + "&WebIdentityToken=" + queryEscaped(*token),
                     nullptr);
    }

    AwsCredentials assumed(const AwsCredentials &base, const std::string &role, const AwsProfile &settings)
    {
        const std::string seconds = settingOf(settings, "duration_seconds"),
                          external = settingOf(settings, "external_id");
        return ofSts("AssumeRole",
                     "&DurationSeconds=" + queryEscaped(seconds.empty() ? "900" : seconds)
                         + (external.empty() ? "" : "&ExternalId=" + queryEscaped(external))
                         + "&RoleArn=" + queryEscaped(role)
                         + "&RoleSessionName=" + queryEscaped(sessionOr(settingOf(settings, "role_session_name"))),
                     &base);
    }

    AwsCredentials ofSts(const std::string &action, const std::string &parameters, const AwsCredentials *signer)
    {
        if (m_access.region.empty())
            return refused("no AWS region to assume a role in: neither AWS_REGION nor the profile names one");
        HttpCall call{.method = "POST",
                      .url = awsEndpointOf(m_course, "AWS_ENDPOINT_URL_STS", "sts", m_access.region),
                      .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                      .body = "Action=" + action + "&Version=2011-06-15" + parameters};
        if (signer)
            signForAws(call, m_access.region, "sts", *signer, m_course.now);
        const std::optional<HttpReply> answer = reply(std::move(call));
        if (!answer)
            return {};
        const std::string place = "operation error STS: " + action;
        if (!answer->error.empty())
            return refused(place + ", " + answer->error);
        if (answer->status != 200) {
            const std::string words = elementOf(answer->body, "Message");
            return refused(place + ", https response error StatusCode: " + std::to_string(answer->status)
                           + (words.empty() ? "" : ", " + words));
        }
        return complete({elementOf(answer->body, "AccessKeyId"), elementOf(answer->body, "SecretAccessKey"),
                         elementOf(answer->body, "SessionToken")},
                        place);
    }

    AwsCredentials complete(AwsCredentials credentials, const std::string &place)
    {
        if (credentials.accessKey.empty() || credentials.secretKey.empty())
            return refused(place + ": the answer holds no credentials");
        return credentials;
    }

    std::string sessionOr(const std::string &session) const
    {
        return session.empty() ? "aws-go-sdk-" + std::to_string(m_course.now.milliseconds * 1'000'000) : session;
    }
    static std::string placeOf(const std::string &path)
    {
        return path.empty() ? "a home folder that is not known" : path;
    }

    const Course &m_course;
    const AwsWish &m_wish;
    AwsAccess m_access;
    std::size_t m_at;
    std::size_t m_first;
};

} // namespace

AwsAccess awsAccessOf(const Course &course, const AwsWish &wish, std::size_t skipped)
{
    return Chain(course, wish, skipped).access();
}

std::string awsEndpointOf(const Course &course, std::string_view variable, std::string_view host,
                          std::string_view region)
{
    for (const std::string_view name : {variable, std::string_view("AWS_ENDPOINT_URL")}) {
        const auto known = course.environment.find(std::string(name));
        if (known != course.environment.end() && !known->second.empty())
            return known->second.ends_with('/') ? known->second : known->second + "/";
    }
    return "https://" + std::string(host) + "." + std::string(region) + ".amazonaws.com"
           + (region.starts_with("cn-") ? ".cn" : "") + "/";
}

} // namespace tiphys::rollout::provider
