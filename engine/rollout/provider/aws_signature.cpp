// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/aws_signature.h"

#include "base/text.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <map>

namespace tiphys::rollout::provider {

namespace {

constexpr std::array<std::uint32_t, 64> kRounds{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

using State = std::array<std::uint32_t, 8>;

void mix(State &state, std::string_view block)
{
    std::array<std::uint32_t, 64> words{};
    for (std::size_t i = 0; i < 16; ++i) {
        for (std::size_t k = 0; k < 4; ++k)
            words[i] = (words[i] << 8) | static_cast<unsigned char>(block[4 * i + k]);
    }
    for (std::size_t i = 16; i < 64; ++i) {
        const std::uint32_t a = words[i - 15], b = words[i - 2];
        words[i] = words[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) + words[i - 7]
                   + (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10));
    }
    State s = state;
    for (std::size_t i = 0; i < 64; ++i) {
        const std::uint32_t one = s[7] + (std::rotr(s[4], 6) ^ std::rotr(s[4], 11) ^ std::rotr(s[4], 25))
                                  + ((s[4] & s[5]) ^ (~s[4] & s[6])) + kRounds[i] + words[i];
        const std::uint32_t two = (std::rotr(s[0], 2) ^ std::rotr(s[0], 13) ^ std::rotr(s[0], 22))
                                  + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        s = {one + two, s[0], s[1], s[2], s[3] + one, s[4], s[5], s[6]};
    }
    for (std::size_t i = 0; i < 8; ++i)
        state[i] += s[i];
}

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

std::string sha256(std::string_view bytes)
{
    State state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::string padded(bytes);
    padded += '\x80';
    while (padded.size() % 64 != 56)
        padded += '\0';
    const std::uint64_t bits = std::uint64_t{bytes.size()} * 8;
    for (int shift = 56; shift >= 0; shift -= 8)
        padded += static_cast<char>(bits >> shift);
    for (std::size_t i = 0; i < padded.size(); i += 64)
        mix(state, std::string_view(padded).substr(i, 64));
    std::string out;
    for (const std::uint32_t word : state) {
        for (int shift = 24; shift >= 0; shift -= 8)
            out += static_cast<char>(word >> shift);
    }
    return out;
}

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

void signForAws(HttpCall &call, std::string_view host, std::string_view region, std::string_view service,
                const AwsCredentials &credentials, Moment now)
{
    std::string moment = now.text();
    std::erase_if(moment, [](char c) { return c == '-' || c == ':'; });
    const std::string day = moment.substr(0, 8);
    call.headers.emplace_back("X-Amz-Date", moment);
    if (!credentials.sessionToken.empty())
        call.headers.emplace_back("X-Amz-Security-Token", credentials.sessionToken);
    std::map<std::string, std::string> headers{{"host", std::string(host)}};
    for (const auto &[name, text] : call.headers)
        headers.insert_or_assign(asciiLower(name), std::string(trimmed(text)));
    std::string canonical, names;
    for (const auto &[name, text] : headers) {
        canonical += name + ":" + text + "\n";
        names += (names.empty() ? "" : ";") + name;
    }
    const std::string request =
        call.method + "\n/\n\n" + canonical + "\n" + names + "\n" + hex(sha256(call.body));
    const std::string scope = day + "/" + std::string(region) + "/" + std::string(service) + "/aws4_request";
    const std::string toSign = "AWS4-HMAC-SHA256\n" + moment + "\n" + scope + "\n" + hex(sha256(request));
    std::string key = hmacSha256("AWS4" + credentials.secretKey, day);
    for (const std::string_view part : {region, service, std::string_view("aws4_request")})
        key = hmacSha256(key, part);
    call.headers.emplace_back("Authorization", "AWS4-HMAC-SHA256 Credential=" + credentials.accessKey + "/" + scope
                                                   + ", SignedHeaders=" + names + ", Signature=" + hex(hmacSha256(key, toSign)));
}

} // namespace tiphys::rollout::provider
