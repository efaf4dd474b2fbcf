// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/sprig/blowfish.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace tiphys::text::sprig {

namespace {

constexpr std::size_t kStateWords = 18 + 1024;

/// A number of fixed point: one word before the point, the others after it.
using Fixed = std::vector<std::uint32_t>;

/// Divides \p number, whose words before \p first are zero.
void divide(Fixed &number, std::uint32_t divisor, std::size_t first)
{
    std::uint64_t rest = 0;
    for (std::size_t i = first; i < number.size(); ++i) {
        const std::uint64_t value = rest << 32 | number[i];
        number[i] = static_cast<std::uint32_t>(value / divisor);
        rest = value % divisor;
    }
}

void add(Fixed &sum, const Fixed &number)
{
    std::uint64_t carry = 0;
    for (std::size_t i = sum.size(); i-- > 0;) {
        carry += std::uint64_t(sum[i]) + number[i];
        sum[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
}

void subtract(Fixed &difference, const Fixed &number)
{
    std::int64_t borrow = 0;
    for (std::size_t i = difference.size(); i-- > 0;) {
        borrow += std::int64_t(difference[i]) - number[i];
        difference[i] = static_cast<std::uint32_t>(borrow);
        borrow >>= 32;
    }
}

/// \p factor times the arc tangent of 1 / \p divisor.
Fixed scaledArcTangent(std::uint32_t factor, std::uint32_t divisor, std::size_t words)
{
    Fixed power(words, 0), sum(words, 0), term;
    power[0] = factor;
    divide(power, divisor, 0);
    std::size_t first = 0;
    for (std::uint32_t odd = 1;; odd += 2) {
        while (first < words && power[first] == 0)
            ++first;
        if (first == words)
            return sum;
        term = power;
        divide(term, odd, first);
        if (odd % 4 == 1)
            add(sum, term);
        else
            subtract(sum, term);
        divide(power, divisor * divisor, first);
    }
}

/// The digits of pi after the point: what Blowfish begins with. Machin's formula gives them in milliseconds.
std::array<std::uint32_t, kStateWords> digitsOfPi()
{
    constexpr std::size_t kGuardWords = 2;
    Fixed pi = scaledArcTangent(16, 5, 1 + kStateWords + kGuardWords);
    subtract(pi, scaledArcTangent(4, 239, 1 + kStateWords + kGuardWords));
    std::array<std::uint32_t, kStateWords> digits{};
    std::copy_n(pi.begin() + 1, kStateWords, digits.begin());
    return digits;
}

/// Four bytes at \p at, around the end of \p bytes again and again.
std::uint32_t nextWord(std::string_view bytes, std::size_t &at)
{
    std::uint32_t word = 0;
    for (int i = 0; i < 4 && !bytes.empty(); ++i) {
        word = word << 8 | static_cast<unsigned char>(bytes[at]);
        at = (at + 1) % bytes.size();
    }
    return word;
}

/// Base64 with bcrypt's own alphabet and no padding.
std::string bcryptText(std::string_view bytes)
{
    static constexpr std::string_view kAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::string text;
    std::uint32_t pending = 0;
    unsigned bits = 0;
    for (const char c : bytes) {
        pending = pending << 8 | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 6; bits -= 6)
            text += kAlphabet[(pending >> (bits - 6)) & 63];
    }
    if (bits > 0)
        text += kAlphabet[(pending << (6 - bits)) & 63];
    return text;
}

void appendWord(std::string &bytes, std::uint32_t word)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes += static_cast<char>(word >> shift);
}

} // namespace

Blowfish::Blowfish()
{
    static const std::array<std::uint32_t, kStateWords> start = digitsOfPi();
    m_state = start;
}

std::uint32_t Blowfish::roundFunction(std::uint32_t value) const
{
    const std::uint32_t *const boxes = m_state.data() + kSubkeys;
    const std::uint32_t sum = boxes[value >> 24] + boxes[256 + (value >> 16 & 255)];
    return (sum ^ boxes[512 + (value >> 8 & 255)]) + boxes[768 + (value & 255)];
}

void Blowfish::encrypt(std::uint32_t &left, std::uint32_t &right) const
{
    for (std::size_t round = 0; round < 16; ++round) {
        left ^= m_state[round];
        right ^= roundFunction(left);
        std::swap(left, right);
    }
    std::swap(left, right);
    right ^= m_state[16];
    left ^= m_state[17];
}

void Blowfish::expand(std::string_view key, std::string_view salt)
{
    std::size_t keyAt = 0, saltAt = 0;
    for (std::size_t i = 0; i < kSubkeys; ++i)
        m_state[i] ^= nextWord(key, keyAt);
    std::uint32_t left = 0, right = 0;
    for (std::size_t i = 0; i < m_state.size(); i += 2) {
        left ^= nextWord(salt, saltAt);
        right ^= nextWord(salt, saltAt);
        encrypt(left, right);
        m_state[i] = left;
        m_state[i + 1] = right;
    }
}

std::string bcryptHash(std::string_view password, std::string_view salt)
{
    constexpr int kCost = 10;
    const std::string key = std::string(password) + '\0';
    Blowfish cipher;
    cipher.expand(key, salt);
    for (int i = 0; i < 1 << kCost; ++i) {
        cipher.expand(key, {});
        cipher.expand(salt, {});
    }
    constexpr std::string_view kMagic = "OrpheanBeholderScryDoubt";
    std::string bytes;
    for (std::size_t at = 0; at < kMagic.size();) {
        std::uint32_t left = nextWord(kMagic, at);
        std::size_t rightAt = at;
        std::uint32_t right = nextWord(kMagic, rightAt);
        for (int i = 0; i < 64; ++i)
            cipher.encrypt(left, right);
        appendWord(bytes, left);
        appendWord(bytes, right);
        at += 4;
    }
    // One byte of the last block is dropped, as everybody does.
    return "$2a$10$" + bcryptText(salt) + bcryptText(std::string_view(bytes).substr(0, 23));
}

} // namespace tiphys::text::sprig
