// SPDX-License-Identifier: GPL-3.0-or-later
#include "compose/git_reader.h"
#include "compose/git_repositories.h"
#include "compose/kube_connections.h"
#include "compose/local_tools.h"
#include "compose/parallel_for_each.h"
#include "control/desktop_service.h"
#include "ports/system_clock.h"
#include "ui/main_window/main_window.h"
#include "ui/pages/compare_page.h"
#include "ui/settings.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/labels.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
#include <QToolButton>

#include <memory>

using namespace tiphys;
using namespace Qt::StringLiterals;

namespace {

constexpr int kPatience = 60'000;

/// The real window over the real engine and a repository that is made for it.
class CompareStage
{
public:
    CompareStage()
    {
        run({u"init"_s, u"-q"_s, u"-b"_s, u"main"_s});
        const auto makeParts = [this] {
            control::EngineParts parts;
            parts.clock = std::make_shared<const ports::SystemClock>();
            parts.connections = compose::kubeConnections({}, {}, {}, &m_pool, parts.clock);
            parts.repositories = compose::gitRepositories(
                m_cache.path().toStdString(), [](const auto &...) { return false; }, &m_pool, parts.clock);
            parts.openReader = compose::openReader;
            parts.forEach = compose::parallelForEach();
            parts.tools = compose::localTools({}, {});
            parts.identity = "test";
            return parts;
        };
        service = std::make_unique<control::DesktopService>(makeParts);
        window =
            std::make_unique<ui::MainWindow>(ui::UiContext{*service, settings, [this] { return m_clock.now(); }, {}});
        window->show();
    }
    ~CompareStage()
    {
        window.reset();
        service.reset();
        m_pool.waitForDone();
    }

    void write(const QString &name, const QByteArray &text)
    {
        const QString path = folder.filePath(name);
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("cannot write %s", qUtf8Printable(path));
    }
    void commit()
    {
        run({u"add"_s, u"-A"_s});
        run({u"-c"_s, u"user.name=a"_s, u"-c"_s, u"user.email=a@b"_s, u"commit"_s, u"-q"_s, u"-m"_s, u"change"_s});
    }
    /// The page with the last two commits compared.
    ui::ComparePage *compared()
    {
        window->open(
            {ui::PageKind::Compare, {}, {{u"repo"_s, folder.path()}, {u"a"_s, u"main~1"_s}, {u"b"_s, u"main"_s}}});
        auto *page = qobject_cast<ui::ComparePage *>(window->currentPage());
        return page && QTest::qWaitFor([page] { return page->isSettled(); }, kPatience) ? page : nullptr;
    }

private:
    void run(const QStringList &arguments)
    {
        if (QProcess::execute(u"git"_s, QStringList{u"-C"_s, folder.path()} + arguments) != 0)
            qFatal("git %s", qUtf8Printable(arguments.join(u' ')));
    }

    ports::SystemClock m_clock;
    QThreadPool m_pool;
    QTemporaryDir m_cache;

public:
    QTemporaryDir folder;
    ui::Settings settings{m_cache.filePath(u"settings.ini"_s)};
    std::unique_ptr<control::DesktopService> service;
    std::unique_ptr<ui::MainWindow> window;
};

constexpr const char *kChart = "apiVersion: v2\nname: web\nversion: 1.0.0\n";

QByteArray configMap(const char *value)
{
    return QByteArray("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  x: \"") + value + "\"\n";
}

/// A helm that prints the one template as it stands, or \p output.
void putHelm(const QTemporaryDir &folder, const QByteArray &output)
{
    QFile file(folder.filePath(u"helm"_s));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("cannot write a helm");
    file.write("#!/bin/sh\nif [ \"$1\" = version ]; then echo v4.2.4; exit 0; fi\n" + output + "\n");
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
    qputenv("PATH", folder.path().toLocal8Bit() + ":" + qgetenv("PATH"));
}

} // namespace

class CompareDemoTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_path = qgetenv("PATH"); }
    void cleanup() { qputenv("PATH", m_path); }

    void whatIsNotFetchedIsSaidAndFetchedWhenAskedOnly()
    {
        CompareStage stage;
        stage.write(u"web/Chart.yaml"_s,
                    QByteArray(kChart)
                        + "dependencies:\n- name: redis\n  version: 20.1.0\n  repository: https://charts.invalid\n");
        stage.write(u"web/templates/config.yaml"_s, configMap("1"));
        stage.commit();
        stage.write(u"web/templates/config.yaml"_s, configMap("2"));
        stage.commit();
        ui::ComparePage *page = stage.compared();
        QVERIFY(page);
        QVERIFY2(page->missingBanner()->text().contains(u"redis"_s), qUtf8Printable(page->missingBanner()->text()));
        QVERIFY(!page->missingBanner()->isHidden());
        // This stage has nothing to fetch with, and says so.
        auto *fetch = page->missingBanner()->findChild<QPushButton *>();
        QVERIFY(fetch && !fetch->isHidden());
        fetch->click();
        QTRY_VERIFY_WITH_TIMEOUT(page->emptyPane()->text().contains(u"without a way to fetch"_s), kPatience);
    }

    void toolsOfThisMachineAgreeOrNot()
    {
        CompareStage stage;
        stage.write(u"web/Chart.yaml"_s, kChart);
        stage.write(u"web/templates/config.yaml"_s, configMap("1"));
        stage.commit();
        stage.write(u"web/templates/config.yaml"_s, configMap("2"));
        stage.commit();
        ui::ComparePage *page = stage.compared();
        QVERIFY(page);
        QVERIFY(page->missingBanner()->isHidden());
        QTemporaryDir tools;
        putHelm(tools, "cat templates/config.yaml");
        QVERIFY(page->verifyButton()->isEnabled());
        page->verifyButton()->click();
        QTRY_VERIFY2_WITH_TIMEOUT(page->verdictBanner()->text().contains(u"agree"_s),
                                  qUtf8Printable(page->verdictBanner()->text()), kPatience);
        putHelm(tools, "sed s/web/shop/ templates/config.yaml");
        page->verifyButton()->click();
        QTRY_VERIFY2_WITH_TIMEOUT(page->verdictBanner()->text().contains(u"differently"_s),
                                  qUtf8Printable(page->verdictBanner()->text()), kPatience);
        qputenv("PATH", tools.path().toLocal8Bit());
        QFile::remove(tools.filePath(u"helm"_s));
        page->verifyButton()->click();
        QTRY_VERIFY2_WITH_TIMEOUT(page->verdictBanner()->text().contains(u"could not be verified"_s),
                                  qUtf8Printable(page->verdictBanner()->text()), kPatience);
    }

private:
    QByteArray m_path;
};

QTEST_MAIN(CompareDemoTest)
#include "compare_demo_test.moc"
