// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/log_text.h"

#include "models/log_lines.h"
#include "support/recorded_service.h"

#include <QTest>

using namespace tiphys;
using namespace Qt::StringLiterals;
using models::LogTimes;
using service::LogContainer;
using service::LogState;

class LogTextTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void thePodsOfAnOwnerAreThoseBelowIt()
    {
        const service::AppDetail detail = test::appDetail(
            test::appRow("prod-eu", "shop", service::HealthStatus::Degraded, service::SyncStatus::Synced));
        const object::ObjectKey deployment{"apps", "Deployment", "shop", "web"};
        QVERIFY(models::hasPodLogs(deployment));
        const std::vector<service::TreeNode> pods = models::podsBelow(detail.tree, deployment);
        QCOMPARE(pods.size(), std::size_t(12));
        QCOMPARE(models::firstPod(pods), 3); // the degraded one
        QVERIFY(models::podChoiceText(pods[3]).endsWith(u" · Degraded"_s));
        QCOMPARE(models::podsBelow(detail.tree, pods[5].key).size(), std::size_t(1));
        QVERIFY(models::podsBelow(detail.tree, {"", "Service", "shop", "web"}).empty());
        QVERIFY(!models::hasPodLogs({"", "Service", "shop", "web"}));
        QCOMPARE(models::firstPod({}), -1);
    }

    void containersSayWhatTheyAre()
    {
        LogContainer container{.name = "app"};
        container.state = LogContainer::State::Running;
        QCOMPARE(models::logContainerText(container), u"app"_s);
        container.kind = LogContainer::Kind::Init;
        container.state = LogContainer::State::Ended;
        QCOMPARE(models::logContainerText(container), u"app · init · ended"_s);
        container.kind = LogContainer::Kind::Ephemeral;
        container.state = LogContainer::State::Waiting;
        container.reason = "ImagePullBackOff";
        QCOMPARE(models::logContainerText(container), u"app · ephemeral · ImagePullBackOff"_s);
    }

    void readingIsToldInWords()
    {
        service::LogRequest request;
        service::LogNews news;
        news.state = LogState::Waiting;
        news.container.reason = "ContainerCreating";
        QVERIFY(models::logStateText(news, request, test::kNow).contains(u"not started yet: ContainerCreating"_s));
        news.state = LogState::Refused;
        news.problem = "you may not get pods/log 'web' in namespace 'shop'";
        QCOMPARE(models::logStateText(news, request, test::kNow),
                 u"You may not get pods/log 'web' in namespace 'shop'."_s);
        news.state = LogState::Ended;
        news.problem.clear();
        news.container.state = LogContainer::State::Waiting;
        news.container.reason = "CrashLoopBackOff";
        news.container.exitCode = 137;
        news.container.endedAt = test::kNow - 120'000;
        QCOMPARE(models::logStateText(news, request, test::kNow),
                 u"The container ended 2 min ago with exit code 137. The log goes on when it starts again."_s);
        news.container.state = LogContainer::State::Ended;
        news.container.reason = "OOMKilled";
        QCOMPARE(models::logStateText(news, request, test::kNow),
                 u"The container ended 2 min ago with exit code 137 (OOMKilled)."_s);
        request.isPrevious = true;
        QVERIFY(models::logStateText(news, request, test::kNow).contains(u"before the last restart"_s));
    }

    void aLineIsOneLineOfText_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<QString>("shown");
        QTest::newRow("plain") << QByteArray("level=info") << u"level=info"_s;
        QTest::newRow("colours") << QByteArray("\x1b[1;31mred\x1b[0m \x1b[Kend") << u"red end"_s;
        QTest::newRow("link") << QByteArray("\x1b]8;;https://a.example\x1b\\text\x1b]8;;\x1b\\") << u"text"_s;
        QTest::newRow("carriage return") << QByteArray("10 %\r20 %\r") << u"10 % 20 %"_s;
        QTest::newRow("tab stays") << QByteArray("a\tb") << u"a\tb"_s;
        QTest::newRow("line separator") << QByteArray("a\xe2\x80\xa8"
                                                      "b")
                                        << u"a b"_s;
    }

    void aLineIsOneLineOfText()
    {
        QFETCH(const QByteArray, line);
        QFETCH(const QString, shown);
        const service::LogLine read{"2026-01-02T03:04:05Z", line.toStdString()};
        QCOMPARE(models::logLineText(read, LogTimes::Hidden), shown);
        QCOMPARE(models::logLineText(read, LogTimes::Shown), u"2026-01-02T03:04:05Z "_s + shown);
    }

    void onlyTheLastLinesAreKept()
    {
        models::LogLines lines;
        std::vector<service::LogLine> many(static_cast<std::size_t>(service::kMostLogLines), service::LogLine{"", "x"});
        QCOMPARE(lines.append(many), std::size_t(0));
        QCOMPARE(lines.append({{"", "last"}}), std::size_t(1));
        QCOMPARE(lines.lines().size(), many.size());
        QCOMPARE(lines.lines().back().text, std::string("last"));
        // Few lines that are very long are too many too.
        const std::vector<service::LogLine> wide(2'000,
                                                 service::LogLine{"", std::string(service::kLongestLogLine, 'x')});
        lines.append(wide);
        QVERIFY(lines.lines().size() <= models::LogLines::kMostBytes / service::kLongestLogLine);
        lines.clear();
        QVERIFY(lines.lines().empty());
    }
};

QTEST_MAIN(LogTextTest)
#include "log_text_test.moc"
