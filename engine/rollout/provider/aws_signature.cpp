// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/aws_signature.h"

#include "base/text.h"

#include <algorithm>
#include <map>

namespace tiphys::rollout::provider {

namespace {

std::string hex(std::string_view bytes)
{
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

} // namespace

std::string hmacSha256(std::string_view key, std::string_view bytes)
{
    std::string block = key.size() > 64 ? sha256(key) : std::string(key);
    block.resize(64, '\0');
    std::string inner = block, outer = block;
    for (std::size_t i = 0; i < 64; ++i) {
        inner[i] = static_cast<char>(inner[i] ^ 0x36);
        outer[i] = static_cast<char>(outer[i] ^ 0x5c);
    }
    return sha256(outer + sha256(inner + std::string(bytes)));
}

namespace {

std::string variable(const std::map<std::string, std::string> &environment, const std::string &name)
{
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

/// The host of an address, and its path with what is escaped in it escaped once more.
std::pair<std::string, std::string> hostAndPath(std::string_view url)
{
    const std::size_t scheme = url.find("://");
    url.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
    const std::size_t slash = std::min(url.find('/'), url.size());
    std::string path;
    for (const char c : url.substr(slash))
        path += c == '%' ? std::string("%25") : std::string(1, c);
    return {std::string(url.substr(0, slash)), path.empty() ? "/" : path};
}

} // namespace

AwsCredentials awsCredentialsOf(const std::map<std::string, std::string> &environment)
{
    return {variable(environment, "AWS_ACCESS_KEY_ID"), variable(environment, "AWS_SECRET_ACCESS_KEY"),
            variable(environment, "AWS_SESSION_TOKEN")};
}

std::string awsRegionOf(const std::map<std::string, std::string> &environment)
{
    const std::string region = variable(environment, "AWS_REGION");
    return region.empty() ? variable(environment, "AWS_DEFAULT_REGION") : region;
}

void signForAws(HttpCall &call, std::string_view region, std::string_view service, const AwsCredentials &credentials,
                Moment now)
{
    const auto [host, path] = hostAndPath(call.url);
    std::string moment = now.text();
    std::erase_if(moment, [](char c) { return c == '-' || c == ':'; });
    const std::string day = moment.substr(0, 8);
    call.headers.emplace_back("X-Amz-Date", moment);
    if (!credentials.sessionToken.empty())
        call.headers.emplace_back("X-Amz-Security-Token", credentials.sessionToken);
    std::map<std::string, std::string> headers{{"host", host}};
    for (const auto &[name, text] : call.headers)
        headers.insert_or_assign(asciiLower(name), std::string(trimmed(text)));
    std::string canonical, names;
    for (const auto &[name, text] : headers) {
        canonical += name + ":" + text + "\n";
        names += (names.empty() ? "" : ";") + name;
    }
    const std::string request =
        call.method + "\n" + path + "\n\n" + canonical + "\n" + names + "\n" + hex(sha256(call.body));
    const std::string scope = day + "/" + std::string(region) + "/" + std::string(service) + "/aws4_request";
    const std::string toSign = "AWS4-HMAC-SHA256\n" + moment + "\n" + scope + "\n" + hex(sha256(request));
    std::string key = hmacSha256("AWS4" + credentials.secretKey, day);
    for (const std::string_view part : {region, service, std::string_view("aws4_request")})
        key = hmacSha256(key, part);
    call.headers.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=" + credentials.accessKey + "/" + scope
                                                   + ", SignedHeaders=" + names
                                                   + ", Signature=" + hex(hmacSha256(key, toSign)));
}

} // namespace tiphys::rollout::provider
