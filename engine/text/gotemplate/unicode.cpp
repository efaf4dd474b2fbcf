// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/gotemplate/unicode.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace tiphys::text {

namespace {

struct Range
{
    std::uint32_t first = 0;
    std::uint32_t end = 0;
};

/// Ranges written as the gap before each and its length, in digits of base 16, the lowest first; a digit that is
/// followed by another of its number is 16 more. Made from Go's package unicode (Unicode 15).
template <std::size_t Count>
consteval std::array<Range, Count> rangesOf(std::string_view digits)
{
    std::array<Range, Count> ranges{};
    std::size_t at = 0;
    const auto next = [&] {
        std::uint32_t number = 0;
        for (int shift = 0;; shift += 4) {
            const char c = digits[at++];
            const auto digit = static_cast<std::uint32_t>(c <= '9' ? c - '0' : c - 'a' + 10);
            number |= (digit & 15) << shift;
            if (digit < 16)
                return number;
        }
    };
    std::uint32_t position = 0;
    for (Range &range : ranges) {
        range.first = position + next();
        position = range.first + next();
        range.end = position;
    }
    return ranges;
}

constexpr std::array<Range, 659> kLetters =
    rangesOf<659>("h4q16q1v21a1415n11v11qs14ce57111h851224116113111k11j51r88ma1m2216p2n4r144t2r2j221j611f272a321g111u1t"
                  "1p5b1o1h292415m1419131n1p17b5o116h1q2q3m331i117afg148222m117113431g11d213e2a186422m117121212v1411j13"
                  "g19131m117121531i11f2n11b8222m117121531u1213f1h1116331432111232333cm11k38131n11g131q132122u1148131n1"
                  "1a1531v1212f2h19131p221g115383o165i13o1191127q3g312c7q3211151o1111a12912511l14g21v381k2r15j7r2k11g16"
                  "443132734dc1h1m211512r21tk1142711142p2142h2142711142f1p3142j4l2g1g1m5263sm22h11q15r4687i1dj1ei1ed13f"
                  "k3j2141j4p5752i2115m4av1h3u125bs24q1m3n19l3i51t5v2h18m3u1d2as2q1k2p23ak2297r223p241612315gcg4mh1262m"
                  "226281111111v12l31711331734264d5317k71d1g1dl61412a1135611111141b245541k32rnale6432cm211512o371g1n197"
                  "17171717171717g51lt12q25524m5631q5145r21u5h1g2g3g1gg2gsp1g4tom5j4u22tg13g1a2k1v2g1v12m4h392n62g45211"
                  "15o1g113141n1t1k3ei3u363112bs1an1p1t17v2s11g151aa51p2n1318k1n1313i31132252111o132b73c6262697171r21e6"
                  "j7t1kqr2cn14h3kgh2um12q6m27c5511a1d151112121s6h2rm1i1g42m3o2ck751n8k2q16q1bp536262623j2c1q11j1121f2e"
                  "i2r7lo1t13h3v2g2dk1186m2au12k248g3u9i1k24k24o28k3cb1f17121b1f1712j4nj19m1a8o161q219l46211s212312n1an"
                  "19v1h4j112am1aq1m4o362g41f4131t1q2t13t1j281s1r1m3am1aj1di1u6p4n3j3dj3dk2sl1q262u4t1a18m1q2i1u2l1r1n1"
                  "cl3p3221dt2g2p1q1k2t11218j231cg3e4l1111j2i11p1j12v3711141f1a7v2m28222m117121531i11c5u9l3i14k13u1g3k1"
                  "211obv2p24k2g3k11r3r2d1n4r1l27pbs2k7g4v182128121o1f111u582n2g1111s11ao271l11bu2j11i1p4ng191l2h11h3u1"
                  "g77121m2l11p16121g2e1nk1j1f11d1i2s71v4qp3mekcskah6fgj4h16prfnk2prh2pj27v1h1v4h1u1i1g3g14v1l15j1gr2g4"
                  "g8r451i4dg4211s1ovn18mt4q29nui2417121ji1f1t1321e48so1kg9r65d397ammn1l51n4122122241c11171h41428171s11"
                  "41511371kl12p11p11v11p11v11p11v11p11v11p118kj7v166lg1u3i9t2a7g11hk1u1i1s2ku1s1kv2714121f1lcr3k471kr4"
                  "41r11211211a141111614111111312112111111111121124171414111a1h153151h1kkh1gumag2qjg16ud2iom1ehjt1vhcuh"
                  "2iu5rkj15gmg1");

constexpr std::array<Range, 64> kDigits =
    rangesOf<64>("g3ami6am8amcasp1am7am7am7am7am7am7am7am7am7ag6am7am4amh1am4amk7am2asi1ag8amaa6ambam5am8a6amsp8amq2am"
                 "2amcam1am5amp1amhj5amo5amo8asi3ag8as3ag9amh1aml1am7amn1am6am6amq1am6amv2amfam4amq1amgr4am5am8akns6i3"
                 "gk9amq1amv1aml4ampi1a");

constexpr std::array<Range, 711> kPrintable =
    rangesOf<711>("g2v5i2c1qs22647111k11to11m22i3231n38r146h1m11gc1g32r32l6er32h32f1s1211b5v19q41ha18222m11711342922248"
                  "142152p12316422m117121212211542233174117h1a319131m11712152a131321f42c771318222m11712152922237342152i"
                  "1a216331432111232333c4533142161el15d131n11g1291314721321242a7m1131n11a152913147262142a13cd131j313164"
                  "g12q1131i13o1191127314611186a23cq34t1l2211151o1111n12511171a24g2o41k24n21k21f1dl2mc11512pn1142711142"
                  "p2142h2142711142f1p3142j42g23q16m5262go21s13p57m19o19k1cd1312cu52a6a6e1b6p57r25m4av11c4c413q225bs24q"
                  "16b3u32h41t12b6a6e2v1h3t43v21k78s33f3s37r22b8r25mh2262m226281111111v12l31f1e261j12319h1o18v2h122r11d"
                  "3h2fh2fs84np2p1bl1kh72g21tl15t211512o372eo197171717171717171u7i2q11p5cmdq1c5v31m52n65r21u51k5cv21tmi"
                  "73n39sl1k1ob8rc521115o1r33a6o38m48c6k7bu13u41b4h21n39e2a2n6o1s1a6262697171s34u72a6kqr2cn14h3kgh2um12"
                  "q6m27c55q1151112121t7g1tr12m371g2q26j31j114451n84ub362626233717d22c1q11j1121f2ei2r7534t23o51d31v2u2i"
                  "8t13h3fs14k29u15r25u11l24eq2u92a6k24k24o28k3bc1f17121b1f1712j4nj19m1a8o161q219l46211s212312n11o489g3"
                  "j1125h23r151g4o34k12i31258131t1234a797g4g2n24c9m33t12r15q174c7g5p4n3j3dj37u28ami1v11q21322r4r28q2m1q"
                  "1m2s1k1n19u44k29u315dp17a6l31i18n29g61k1bi11v2u3711141f1b6r35a6418222m11712151a22232161572735r8s515u"
                  "1o48amam32m2i2l4ba6dj1q36am3r12f4n1pbs3k6j5c82128121u1122c9am482u22br1o48j5dp47amf91t21eat13g22m11ep"
                  "47121s23112198a66121l212167amj1p17h11p23s1m51fi3drp3m6v615bkcskaj6dgj4g1m1qqfnk2prh2pj27v11a4h51a6u1"
                  "26am4aa171l15j1gr2r5l6r44p37h1g45b2eovn18mt4q29nui2417121ji1f1t1321e48so1kg9r65d397a24gmi1u22n19k7s3"
                  "mfan22q48g7l1m4q7k1ck1cn59p1n8l51n4122122241c11171h41428171s1141511371kl12ki12ur2f51fgl4v166ld71h127"
                  "12155u3h21g7t23e2a42gk1v1h1q351gt1q2mu2714121f1lc2g1p2s44a42hh3k4s4t3ic41r11211211a14111161411111131"
                  "2112111111111121124171414111a1h153151h1k32ug1s24k6cf2f1f1l2auao3t1ds24972e6q9ot34h13d3n74v56c41fc4o3"
                  "8a6o28u122u4kl1ce2d397u2178e49797j91n3l2amg4gumag2qjg16ud2iom1ehjt1vhcuh2iu5rkj15gmg1glttagf");

template <std::size_t Count>
bool contains(const std::array<Range, Count> &ranges, char32_t character)
{
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), character,
                                        [](char32_t c, const Range &range) { return c < range.first; });
    return after != ranges.begin() && character < std::prev(after)->end;
}

} // namespace

bool isLetter(char32_t character)
{
    if (character < 0x80)
        return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
    return contains(kLetters, character);
}

bool isDigit(char32_t character)
{
    if (character < 0x80)
        return character >= '0' && character <= '9';
    return contains(kDigits, character);
}

bool isPrintable(char32_t character)
{
    if (character < 0x7f)
        return character >= ' ';
    return contains(kPrintable, character);
}

} // namespace tiphys::text
