// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/provider/provider.h"

#include "object/json.h"
#include "rollout/provider/job.h"
#include "rollout/provider/json_path.h"

#include <gtest/gtest.h>

#include <string>

namespace tiphys::rollout::provider {
namespace {

constexpr Moment kNow{1'785'000'000'250};

object::Value json(std::string_view text)
{
    const auto value = object::parseJson(text);
    EXPECT_TRUE(value) << text;
    return value.value_or(object::Value());
}

MeasurementRequest requestOf(std::string_view provider, std::string_view condition = "")
{
    MeasurementRequest request;
    request.metric.name = "m";
    request.metric.provider = json(provider);
    request.metric.successCondition = condition;
    return request;
}

Step stepOf(const MeasurementRequest &request, std::vector<HttpReply> replies = {})
{
    return nextStep({.request = request,
                     .ns = "shop",
                     .runStartedAt = {},
                     .now = kNow,
                     .environment = {},
                     .secrets = {},
                     .replies = std::move(replies)});
}

HttpCall callOf(const MeasurementRequest &request, std::vector<HttpReply> replies = {})
{
    const Step step = stepOf(request, std::move(replies));
    const auto *call = std::get_if<HttpCall>(&step);
    EXPECT_TRUE(call) << (std::holds_alternative<Measurement>(step) ? std::get<Measurement>(step).message : "");
    return call ? *call : HttpCall();
}

Measurement measured(const MeasurementRequest &request, std::vector<HttpReply> replies)
{
    const Step step = stepOf(request, std::move(replies));
    const auto *measurement = std::get_if<Measurement>(&step);
    EXPECT_TRUE(measurement);
    return measurement ? *measurement : Measurement();
}

HttpReply ok(std::string body)
{
    return {.status = 200, .body = std::move(body), .error = {}};
}

std::string shown(const Measurement &measurement)
{
    return std::string(text(measurement.phase)) + " " + measurement.value
           + (measurement.message.empty() ? "" : " " + measurement.message);
}

TEST(Web, AsksWithHeadersAndBody)
{
    const HttpCall call = callOf(requestOf(
        R"({"web":{"url":"https://x/y","method":"POST","timeoutSeconds":3,"insecure":true,"headers":[{"key":"A","value":"b"}],"jsonBody":{"k":"<"}}})"));

    EXPECT_EQ(call.method, "POST");
    EXPECT_EQ(call.url, "https://x/y");
    EXPECT_EQ(call.body, "{\"k\":\"\\u003c\"}");
    EXPECT_TRUE(call.skipsVerification);
    EXPECT_EQ(call.timeout, std::chrono::seconds(3));
    EXPECT_EQ(call.headers,
              (std::vector<std::pair<std::string, std::string>>{{"A", "b"}, {"Content-Type", "application/json"}}));
}

struct AnswerCase
{
    const char *name;
    const char *path;
    const char *condition;
    HttpReply reply;
    const char *wanted;
};
class WebAnswer : public testing::TestWithParam<AnswerCase>
{
};
TEST_P(WebAnswer, IsReadAsTheControllerDoes)
{
    const MeasurementRequest request = requestOf(
        "{\"web\":{\"url\":\"http://x\",\"jsonPath\":\"" + std::string(GetParam().path) + "\"}}", GetParam().condition);

    EXPECT_EQ(shown(measured(request, {GetParam().reply})), GetParam().wanted);
}
INSTANTIATE_TEST_SUITE_P(
    Recorded, WebAnswer,
    testing::Values(AnswerCase{"Number", "{$.a}", "result > 1", ok("{\"a\":5}"), "Successful 5"},
                    AnswerCase{"Failing", "{$.a}", "result > 10", ok("{\"a\":5}"), "Failed 5"},
                    AnswerCase{"Whole", "", "result.a == 5", ok("{\"a\":5}"), "Successful {\"a\":5}"},
                    AnswerCase{"Text", "", "result > 1", ok("NaN"), "Successful NaN"},
                    AnswerCase{"Missing", "{$.zz}", "", ok("{\"a\":5}"),
                               "Error  Could not find JSONPath in body: zz is not found"},
                    AnswerCase{"List", "{$.l}", "len(result) == 2", ok("{\"l\":[1,2]}"), "Successful [1,2]"},
                    AnswerCase{"FirstOfMany", "{$.l[*]}", "result == 1", ok("{\"l\":[1,2]}"), "Successful 1"},
                    AnswerCase{"Status", "", "", HttpReply{500, "", ""}, "Error  received non 2xx response code: 500"},
                    AnswerCase{"Unreachable", "", "", HttpReply{0, "", "http://x is not reached"},
                               "Error  http://x is not reached"},
                    AnswerCase{"Condition", "{$.a}", "result >", ok("{\"a\":5}"), "Error  unexpected token EOF"}),
    [](const auto &row) { return row.param.name; });

TEST(Web, RefusesBodiesThatDoNotFit)
{
    EXPECT_EQ(shown(measured(requestOf(R"({"web":{"url":"http://x","body":"a"}})"), {})),
              "Error  Body/JSONBody can only be used with POST or PUT WebMetric Method types");
    EXPECT_EQ(shown(measured(requestOf(R"({"web":{"url":"http://x","method":"PUT","body":"a","jsonBody":{}}})"), {})),
              "Error  use either Body or JSONBody; both cannot exists for WebMetric payload");
}

TEST(Web, GetsATokenFirst)
{
    const MeasurementRequest request = requestOf(
        R"({"web":{"url":"http://x","authentication":{"sigv4":{},"oauth2":{"tokenUrl":"http://t","clientId":"i","clientSecret":"s&","scopes":["a","b"]}}}})");

    const HttpCall token = callOf(request);
    const HttpCall call = callOf(request, {ok("{\"access_token\":\"T\"}")});

    EXPECT_EQ(token.url, "http://t");
    EXPECT_EQ(token.body, "grant_type=client_credentials&scope=a+b");
    EXPECT_EQ(token.headers.back(), (std::pair<std::string, std::string>("Authorization", "Basic aTpzJTI2")));
    EXPECT_EQ(call.url, "http://x");
    EXPECT_EQ(call.headers.back(), (std::pair<std::string, std::string>("Authorization", "Bearer T")));
}

TEST(Web, GivesItsIdentityInTheFormWhereTheHeaderIsNotWanted)
{
    const MeasurementRequest request = requestOf(
        R"({"web":{"url":"http://x","authentication":{"oauth2":{"tokenUrl":"http://t","clientId":"i","clientSecret":"s&"}}}})");
    const HttpReply refused{401, R"({"error":"invalid_client","error_description":"no"})", ""};

    const HttpCall second = callOf(request, {refused});
    const HttpCall call = callOf(request, {refused, ok(R"({"access_token":"T","token_type":"bearer"})")});

    EXPECT_EQ(second.url, "http://t");
    EXPECT_EQ(second.body, "client_id=i&client_secret=s%26&grant_type=client_credentials");
    EXPECT_EQ(second.headers.size(), 1u);
    EXPECT_EQ(call.headers.back(), (std::pair<std::string, std::string>("Authorization", "Bearer T")));
    EXPECT_EQ(shown(measured(request, {refused, refused})), "Error  oauth2: \"invalid_client\" \"no\"");
    EXPECT_EQ(shown(measured(request, {refused, ok("{\"access_token\":\"T\"}"), ok("1")})), "Successful 1");
}

TEST(Prometheus, PostsAForm)
{
    const HttpCall instant =
        callOf(requestOf(R"j({"prometheus":{"address":"http://p/","query":"sum(a{b=\"c d\"})"}})j"));
    const HttpCall range = callOf(requestOf(
        R"j({"prometheus":{"address":"http://p","query":"q","rangeQuery":{"start":"now() - duration('1h')","end":"now()","step":"1m"}}})j"));

    EXPECT_EQ(instant.method, "POST");
    EXPECT_EQ(instant.url, "http://p/api/v1/query");
    EXPECT_EQ(instant.body, "query=sum%28a%7Bb%3D%22c+d%22%7D%29&time=1785000000.25");
    EXPECT_EQ(range.url, "http://p/api/v1/query_range");
    EXPECT_EQ(range.body, "end=1785000000.25&query=q&start=1784996400.25&step=60");
}

TEST(Prometheus, AsksWithGetWhereNoFormIsTaken)
{
    const MeasurementRequest request =
        requestOf(R"({"prometheus":{"address":"http://p/x/?tenant=a","query":"q"}})", "result == 1");
    const HttpReply refused{405, "", ""};

    const HttpCall posted = callOf(request);
    const HttpCall got = callOf(request, {refused});

    EXPECT_EQ(posted.url, "http://p/x/api/v1/query?tenant=a");
    EXPECT_EQ(posted.body, "tenant=a&query=q&time=1785000000.25");
    EXPECT_EQ(got.method, "GET");
    EXPECT_EQ(got.url, "http://p/x/api/v1/query?tenant=a&query=q&time=1785000000.25");
    EXPECT_EQ(got.body, "");
    EXPECT_EQ(shown(measured(request,
                             {refused, ok(R"({"status":"success","data":{"resultType":"scalar","result":[1,"1"]}})")})),
              "Successful 1");
    EXPECT_EQ(shown(measured(request, {refused, refused})), "Error  client_error: client error: 405");
}

class PrometheusAnswer : public testing::TestWithParam<AnswerCase>
{
};
TEST_P(PrometheusAnswer, IsReadAsTheControllerDoes)
{
    const MeasurementRequest request =
        requestOf(R"({"prometheus":{"address":"http://p","query":"q"}})", GetParam().condition);

    EXPECT_EQ(shown(measured(request, {GetParam().reply})), GetParam().wanted);
}
INSTANTIATE_TEST_SUITE_P(
    Recorded, PrometheusAnswer,
    testing::Values(
        AnswerCase{"Scalar", "", "result == 0.5",
                   ok(R"({"status":"success","data":{"resultType":"scalar","result":[1435781451.781,"0.5"]}})"),
                   "Successful 0.5"},
        AnswerCase{
            "Vector", "", "result[0] >= 0.95",
            ok(R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"0.99"]},{"metric":{},"value":[1,"1"]}]}})"),
            "Successful [0.99,1]"},
        AnswerCase{
            "Matrix", "", "all(result, # < 4)",
            ok(R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[1,"1"],[2,"2"]]},{"metric":{},"values":[[1,"3"]]}]}})"),
            "Successful [1,2,3]"},
        AnswerCase{
            "NotANumber", "", "!isNaN(result[0])",
            ok(R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"NaN"]}]}})"),
            "Failed [NaN]"},
        AnswerCase{
            "Infinite", "", "isInf(result[0])",
            ok(R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"-Inf"]}]}})"),
            "Successful [-Inf]"},
        AnswerCase{"Empty", "", "len(result) == 0 || result[0] > 1",
                   ok(R"({"status":"success","data":{"resultType":"vector","result":[]}})"), "Successful []"},
        AnswerCase{"EmptyIndex", "", "result[0] > 1",
                   ok(R"({"status":"success","data":{"resultType":"vector","result":[]}})"),
                   "Error  reflect: slice index out of range"},
        AnswerCase{"Words", "", "", ok(R"({"status":"success","data":{"resultType":"string","result":[1,"x"]}})"),
                   "Error  unexpected value type \"string\""},
        AnswerCase{"BadQuery", "", "",
                   HttpReply{400, R"({"status":"error","errorType":"bad_data","error":"parse error"})", ""},
                   "Error  bad_data: parse error"},
        AnswerCase{"Server", "", "", HttpReply{500, "oops", ""}, "Error  server_error: server error: 500"},
        AnswerCase{"Overload", "", "", HttpReply{503, "<html>", ""}, "Error  server_error: server error: 503"},
        AnswerCase{"Elsewhere", "", "", HttpReply{304, "", ""}, "Error  bad_response: bad response code 304"},
        AnswerCase{"Contradiction", "", "", HttpReply{422, R"({"status":"success","data":{}})", ""},
                   "Error  bad_response: inconsistent body for response code"},
        AnswerCase{"NoData", "", "", ok("{}"), "Error  unexpected end of JSON input"}),
    [](const auto &row) { return row.param.name; });

TEST(Prometheus, NamesWhatIsNotConfigured)
{
    EXPECT_EQ(measured(requestOf(R"({"prometheus":{"query":"q"}})"), {}).message,
              "prometheus address is not configured");
    EXPECT_EQ(measured(requestOf(R"({"prometheus":{"address":"p","query":"q"}})"), {}).message,
              "prometheus address is not is url format");
    EXPECT_EQ(measured(requestOf(R"({"prometheus":{"address":"http://p","timeout":-1}})"), {}).message,
              "prometheus timeout should not be negative");
    EXPECT_EQ(
        measured(requestOf(
                     R"j({"prometheus":{"address":"http://p","rangeQuery":{"start":"1","end":"now()","step":"1m"}}})j"),
                 {})
            .message,
        "failed to parse rangeQuery.start as time: expected time.Time, but got int");
}

TEST(Providers, NeverTakePluginsForSuccess)
{
    const Measurement plugin = measured(requestOf(R"({"plugin":{"acme/metrics":{}}})"), {});
    const Measurement unknown = measured(requestOf(R"({"crystalBall":{}})"), {});

    EXPECT_EQ(shown(plugin), "Error  metric plugins are not supported: acme/metrics");
    EXPECT_EQ(shown(unknown), "Error  metric provider 'crystalBall' is not supported");
}

TEST(Jobs, AreNamedByRunMetricAndNumber)
{
    AnalysisRun run;
    run.name = "run";
    run.ns = "shop";
    run.uid = "0b0f1a0e-1111-2222-3333-444444444444";
    MeasurementRequest request = requestOf(R"({"job":{"metadata":{"labels":{"a":"b"}},"spec":{"backoffLimit":0}}})");
    request.number = 3;

    const object::Object job = jobOf(run, request, "");
    request.metric.name = std::string(60, 'x');
    const object::Object longName = jobOf(run, request, "elsewhere");

    EXPECT_EQ(job.name(), run.uid + ".m.3");
    EXPECT_EQ(job.label("a"), "b");
    EXPECT_EQ(job.label(kRunUidLabel), run.uid);
    EXPECT_EQ(job.ownerReferences().size(), 1u);
    EXPECT_EQ(longName.name().size(), 63u);
    EXPECT_TRUE(longName.ownerReferences().empty());
    EXPECT_EQ(longName.ns(), "elsewhere");
    EXPECT_TRUE(jobOf(run, request, "", JobCluster::Other).ownerReferences().empty())
        << "its run is in another cluster";
}

struct PathCase
{
    const char *name;
    const char *path;
    const char *wanted; ///< JSON of what is found, or an error
};
class Path : public testing::TestWithParam<PathCase>
{
};
TEST_P(Path, FindsWhatKubectlFinds)
{
    const object::Value document = json(
        R"({"a":{"b":[{"n":"x","v":1,"ok":true},{"n":"y","v":2},{"n":"z","v":3.5}]},"e.f":"dot","nil":null,"l":[[1,2],[3]]})");
    std::string said;
    const Expected<JsonPath> path = JsonPath::parse(GetParam().path);
    const Expected<std::vector<object::Value>> found =
        path ? path->find(document) : Expected<std::vector<object::Value>>(std::unexpected(path.error()));
    said = found ? object::toJson(object::Value::list(*found)) : found.error().message();

    EXPECT_EQ(said, GetParam().wanted);
}
INSTANTIATE_TEST_SUITE_P(
    Documents, Path,
    testing::Values(PathCase{"Member", "{.a.b[0].n}", R"(["x"])"}, PathCase{"Root", "{$.a.b[0].v}", "[1]"},
                    PathCase{"Last", "{.a.b[-1].n}", R"(["z"])"}, PathCase{"Slice", "{.a.b[0:2].n}", R"(["x","y"])"},
                    PathCase{"Step", "{.a.b[0:3:2].n}", R"(["x","z"])"}, PathCase{"All", "{.a.b[*].v}", "[1,2,3.5]"},
                    PathCase{"Union", "{.a.b[0,2].n}", R"(["x","z"])"}, PathCase{"Quoted", "{['e.f']}", R"(["dot"])"},
                    PathCase{"Escaped", R"({.e\.f})", R"(["dot"])"},
                    PathCase{"Filter", R"({.a.b[?(@.n=="y")].v})", "[2]"},
                    PathCase{"FilterNumber", "{.a.b[?(@.v>1)].n}", "incompatible types for comparison"},
                    PathCase{"FilterExists", "{.a.b[?(@.ok)].n}", R"(["x"])"},
                    PathCase{"Recursive", "{..n}", R"(["x","y","z"])"}, PathCase{"Nested", "{.l[0][1]}", "[2]"},
                    PathCase{"Absent", "{.q}", "q is not found"}, PathCase{"Null", "{.nil}", "[null]"},
                    PathCase{"Outside", "{.l[7]}", "array index out of bounds: index 7, length 2"},
                    PathCase{"NoList", "{.a[0]}", "map[string]interface {} is not array or slice"},
                    PathCase{"Text", "x{.l[1]}", R"(["x",[3]])"}, PathCase{"Open", "{.a", "unclosed action"},
                    PathCase{"OpenList", "{.a[1}", "unterminated array"},
                    PathCase{"Word", "{foo}", "unrecognized identifier foo"}),
    [](const auto &row) { return row.param.name; });

} // namespace
} // namespace tiphys::rollout::provider
