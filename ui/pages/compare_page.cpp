// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_page.h"

#include "models/comparison_text.h"
#include "models/text.h"
#include "ui/delegates/compare_delegate.h"
#include "ui/pages/compare_inputs.h"
#include "ui/settings.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/diff_pane.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/list_view.h"

#include <QApplication>
#include <QBoxLayout>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLocale>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QSaveFile>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QString sideTitle(const service::ComparedSide &side)
{
    if (side.commit.revision.empty())
        return side.requested.empty() ? ComparePage::tr("working tree") : models::text(side.requested);
    return models::text(side.requested) + u" · "_s + models::commitText(side.commit);
}

} // namespace

ComparePage::ComparePage(UiContext context, QWidget *parent)
    : Page(std::move(context), parent), m_inputs(new CompareInputs(m_context, this)),
      m_summary(new TextLabel(TextLabel::Rank::Body, {}, this)), m_grouping(new QComboBox(this)),
      m_export(new QToolButton(this)), m_verify(new QToolButton(this)), m_unmatched(new Banner(this)),
      m_missing(new Banner(this)), m_verdict(new Banner(this)), m_stack(new QStackedWidget(this)),
      m_empty(new EmptyPane(this)), m_view(new BranchView(this)), m_model(new models::ComparisonTree(this)),
      m_diff(new DiffText(m_context.settings, this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4 * u, 0, 0);
    column->setSpacing(2 * u);
    column->addWidget(m_inputs);
    column->addWidget(new Line(Qt::Horizontal, this));
    m_stack->addWidget(buildResults());
    m_stack->addWidget(m_empty);
    column->addWidget(m_stack, 1);
    m_empty->set(tr("What does a change do to the manifests?"),
                 tr("Choose a repository and two revisions. Every application in it is rendered at both and compared, "
                    "without a cluster."),
                 tr("Pick a repository…"));
    m_stack->setCurrentWidget(m_empty);
    connect(m_empty, &EmptyPane::actionTriggered, this, [this] { m_isRunning ? cancel() : m_inputs->chooseFolder(); });
    connect(m_missing, &Banner::actionTriggered, this, [this] { run(service::Fetching::WhenMissing); });
    connect(m_inputs, &CompareInputs::compareRequested, this, [this] { run(); });
    connect(m_inputs, &CompareInputs::changed, this, &ComparePage::updateButton);
    connect(m_inputs, &CompareInputs::noticed, this, &Page::noticed);
    updateButton();
}

QWidget *ComparePage::buildResults()
{
    const int u = unit(this);
    auto *results = new QWidget(this);
    auto *column = new QVBoxLayout(results);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(u);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(6 * u, 0, 6 * u, u);
    row->setSpacing(2 * u);
    row->addWidget(m_summary, 1);
    m_grouping->addItem(tr("By application"));
    m_grouping->addItem(tr("By kind"));
    m_grouping->addItem(tr("By identical change"));
    m_grouping->setAccessibleName(tr("Arrangement"));
    row->addWidget(m_grouping);
    m_verify->setText(tr("Verify with tools"));
    m_verify->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_verify->setFocusPolicy(Qt::StrongFocus);
    connect(m_verify, &QToolButton::clicked, this, &ComparePage::verify);
    row->addWidget(m_verify);
    auto *menu = new QMenu(m_export);
    menu->addAction(tr("Copy as patch"), this, [this] {
        QApplication::clipboard()->setText(models::patchOf(*m_comparison));
        Q_EMIT noticed(tr("Copied the patch."));
    });
    menu->addAction(tr("Copy as Markdown"), this, [this] {
        QApplication::clipboard()->setText(models::markdownOf(*m_comparison));
        Q_EMIT noticed(tr("Copied Markdown for a pull request."));
    });
    menu->addSeparator();
    menu->addAction(tr("Save patch…"), this, [this] { saveAs(models::patchOf(*m_comparison), u"patch"_s); });
    menu->addAction(tr("Save Markdown…"), this, [this] { saveAs(models::markdownOf(*m_comparison), u"md"_s); });
    m_export->setText(tr("Export"));
    m_export->setMenu(menu);
    m_export->setPopupMode(QToolButton::InstantPopup);
    m_export->setToolButtonStyle(Qt::ToolButtonTextOnly);
    row->addWidget(m_export);
    column->addLayout(row);
    auto *strip = new QVBoxLayout;
    strip->setContentsMargins(6 * u, 0, 6 * u, u);
    strip->setSpacing(u);
    for (Banner *banner : {m_missing, m_verdict, m_unmatched})
        strip->addWidget(banner);
    column->addLayout(strip);
    column->addWidget(new Line(Qt::Horizontal, results));
    auto *split = new QSplitter(Qt::Horizontal, results);
    split->setHandleWidth(1);
    split->setChildrenCollapsible(false);
    setUpListView(m_view);
    m_view->setHeaderHidden(true);
    m_view->setRootIsDecorated(true);
    m_view->setItemsExpandable(true);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new CompareDelegate(m_view));
    m_view->setAccessibleName(tr("Applications and resources that differ"));
    split->addWidget(m_view);
    split->addWidget(m_diff);
    split->setStretchFactor(1, 1);
    split->setSizes({76 * u, 200 * u});
    column->addWidget(split, 1);
    const QStringList reviewed = m_context.settings.reviewedDiffs();
    m_model->setReviewed(std::set<QString>(reviewed.begin(), reviewed.end()));
    connect(m_model, &models::ComparisonTree::reviewed, this, [this](const QStringList &prints, bool isReviewed) {
        m_context.settings.setReviewed(prints, isReviewed);
        showSummary();
    });
    connect(m_grouping, &QComboBox::currentIndexChanged, this, &ComparePage::regroup);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, &ComparePage::showCurrent);
    connect(m_diff, &DiffText::noticed, this, &Page::noticed);
    results->addActions(m_diff->actions()); // F3 finds on from the list too
    connect(m_diff, &DiffText::leftBehind, this, [this](int direction) {
        const QModelIndex next =
            direction > 0 ? m_view->indexBelow(m_view->currentIndex()) : m_view->indexAbove(m_view->currentIndex());
        if (!next.isValid())
            return;
        m_view->setCurrentIndex(next);
        if (m_model->diffAt(next))
            m_diff->walk(direction);
    });
    const auto walk = [this](const QKeySequence &keys, int direction) {
        auto *action = new QAction(this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, [this, direction] { m_diff->walk(direction); });
        addAction(action);
    };
    walk(QKeySequence(Qt::Key_F7), 1);
    walk(QKeySequence(Qt::SHIFT | Qt::Key_F7), -1);
    return results;
}

QString ComparePage::title() const
{
    return tr("Compare", "noun: the page");
}

QPushButton *ComparePage::compareButton() const
{
    return m_inputs->compareButton();
}

QList<QWidget *> ComparePage::panes()
{
    if (m_comparison)
        return {m_view, m_diff, m_inputs->first()};
    return {m_inputs->first()};
}

std::vector<KeyHelp> ComparePage::keys() const
{
    return {{tr("F7, Shift+F7"), tr("Next and previous difference")},
            {tr("N, P"), tr("The same in the text of a difference")},
            {tr("Ctrl+F, F3, Shift+F3"), tr("Find in the text of a difference, next and previous place")},
            {tr("Shift+Up, Shift+Down"), tr("Select lines of a difference; with Left and Right the side")},
            {tr("Ctrl+C"), tr("Copy the selected lines")},
            {tr("Space"), tr("Tick a change, or all of a group, as reviewed")}};
}

void ComparePage::startFilter()
{
    if (m_comparison && m_diff->isVisible())
        m_diff->startFind();
}

bool ComparePage::stepBack()
{
    return m_diff->isVisible() && m_diff->stepBack();
}

void ComparePage::show(const Location &location)
{
    const bool isAgain = location == m_location;
    Page::show(location);
    const QMap<QString, QString> &options = location.options;
    if (!options.contains(u"repo"_s) || isAgain)
        return;
    m_inputs->setOptions(options);
    if (compareButton()->isEnabled())
        run();
}

void ComparePage::refresh(bool)
{
    if (compareButton()->isEnabled())
        run();
}

void ComparePage::updateButton()
{
    const QString problem = m_inputs->problem();
    compareButton()->setEnabled(problem.isEmpty() && !m_isRunning);
    compareButton()->setToolTip(problem);
    const bool hasActs = dynamic_cast<service::ComparisonActs *>(&m_context.service) != nullptr;
    const bool differs = m_comparison && !m_comparison->applications.empty();
    m_verify->setEnabled(hasActs && differs && !m_isRunning && !m_isVerifying);
    m_verify->setToolTip(
        !differs
            ? tr("Compare first: the applications that differ are verified.")
            : tr("Renders what differs with helm and kustomize of this machine too, and tells whether they agree."));
}

void ComparePage::run(service::Fetching fetching)
{
    const service::CompareRequest request = m_inputs->request();
    m_running = request;
    auto *acts = dynamic_cast<service::ComparisonActs *>(&m_context.service);
    m_isRunning = true;
    m_verdict->clear();
    updateButton();
    m_empty->set(tr("Comparing…"), tr("Every application is rendered at both revisions."),
                 acts ? tr("Cancel") : QString());
    m_stack->setCurrentWidget(m_empty);
    m_location.options = m_inputs->options();
    Q_EMIT locationChanged();
    const int asked = ++m_asked;
    if (!acts) {
        service::whenDone(m_context.service.compare(request), this,
                          [this, asked](const Expected<service::ComparisonPtr> &result) {
                              if (asked == m_asked)
                                  showResult(result ? Expected<service::ComparisonAnswer>({*result, {}})
                                                    : std::unexpected(result.error()));
                          });
        return;
    }
    const QPointer<ComparePage> page(this);
    const auto progress = [page, asked](const std::string &what) {
        if (page && page->m_isRunning && asked == page->m_asked)
            page->m_empty->set(tr("Fetching…"), models::text(what), tr("Cancel"));
    };
    service::whenDone(acts->compareWith(request, fetching, progress), this,
                      [this, asked](const Expected<service::ComparisonAnswer> &result) {
                          if (asked == m_asked)
                              showResult(result);
                      });
}

void ComparePage::cancel()
{
    if (auto *acts = dynamic_cast<service::ComparisonActs *>(&m_context.service))
        acts->cancelComparison();
    ++m_asked; // what it still gives is of no interest
    m_isRunning = false;
    updateButton();
    if (m_comparison)
        m_stack->setCurrentIndex(0);
    else
        m_empty->set(tr("The comparison was cancelled"), tr("Nothing was changed."), tr("Pick another repository…"));
    Q_EMIT noticed(tr("The comparison was cancelled."));
    Q_EMIT settled();
}

void ComparePage::showResult(const Expected<service::ComparisonAnswer> &result)
{
    m_isRunning = false;
    if (!result) {
        m_comparison.reset();
        updateButton();
        m_empty->set(tr("The comparison failed"), models::sentence(result.error().text()),
                     tr("Pick another repository…"));
        m_stack->setCurrentWidget(m_empty);
        Q_EMIT settled();
        return;
    }
    m_comparison = result->comparison;
    m_compared = m_running;
    updateButton();
    if (result->missing.empty())
        m_missing->clear();
    else
        m_missing->show({Mark::Warning, StatusColor::OutOfSync}, models::missingText(result->missing),
                        tr("Fetch and compare again"));
    m_missing->setToolTip(models::missingList(result->missing));
    m_context.settings.addRecentRepository(models::text(m_compared.repository));
    const QString others = models::notComparedText(*m_comparison);
    m_summary->setToolTip(others);
    m_diff->setTitles(sideTitle(m_comparison->a), sideTitle(m_comparison->b));
    showUnmatched();
    regroup();
    if (m_comparison->applications.empty()) {
        m_empty->set(tr("No application differs"),
                     tr("%n application(s) render the same at both revisions.", nullptr, m_comparison->applicationCount)
                         + (m_comparison->unmatchedFiles.empty() ? QString() : u'\n' + m_unmatched->text())
                         + (others.isEmpty() ? QString() : u'\n' + others));
        m_stack->setCurrentWidget(m_empty);
    } else {
        m_stack->setCurrentIndex(0);
        m_view->setFocus();
    }
    Q_EMIT settled();
}

void ComparePage::showUnmatched()
{
    const int unmatched = static_cast<int>(m_comparison->unmatchedFiles.size());
    QStringList files;
    for (const std::string &file : m_comparison->unmatchedFiles)
        files << models::text(file);
    if (unmatched > 0)
        m_unmatched->show(
            {Mark::Warning, StatusColor::OutOfSync},
            tr("%n changed file(s) in no application: %1", nullptr, unmatched).arg(files.mid(0, 5).join(u", "_s)));
    else
        m_unmatched->clear();
    m_unmatched->setToolTip(files.join(u'\n'));
}

void ComparePage::verify()
{
    auto *acts = dynamic_cast<service::ComparisonActs *>(&m_context.service);
    if (!acts || !m_verify->isEnabled())
        return;
    m_isVerifying = true;
    updateButton();
    m_verdict->show({Mark::Progressing, StatusColor::Progressing},
                    tr("helm and kustomize of this machine render the applications that differ…"));
    service::whenDone(acts->verifyWithTools(m_compared), this,
                      [this, asked = m_asked](const Expected<std::vector<service::ToolVerdict>> &verdicts) {
                          m_isVerifying = false;
                          updateButton();
                          if (asked == m_asked)
                              showVerdicts(verdicts);
                      });
}

void ComparePage::showVerdicts(const Expected<std::vector<service::ToolVerdict>> &verdicts)
{
    if (!verdicts) {
        m_verdict->show({Mark::Failed, StatusColor::Degraded}, models::sentence(verdicts.error().text()));
        m_verdict->setToolTip({});
        return;
    }
    const bool isUnequal = std::ranges::any_of(
        *verdicts, [](const service::ToolVerdict &each) { return each.kind == service::ToolVerdict::Kind::Differs; });
    const bool isPartial = std::ranges::any_of(
        *verdicts, [](const service::ToolVerdict &each) { return each.kind == service::ToolVerdict::Kind::NotAsked; });
    const MarkStyle style = isUnequal   ? MarkStyle{Mark::Failed, StatusColor::Degraded}
                            : isPartial ? MarkStyle{Mark::Warning, StatusColor::OutOfSync}
                                        : MarkStyle{Mark::Synced, StatusColor::Healthy};
    m_verdict->show(style, models::verdictsText(*verdicts));
    m_verdict->setToolTip(models::verdictsList(*verdicts));
    Q_EMIT noticed(m_verdict->text().section(u'\n', 0, 0));
}

void ComparePage::regroup()
{
    m_model->apply(m_comparison, static_cast<models::CompareGrouping>(m_grouping->currentIndex()));
    // A tree of many groups opens at the first one only: the rest is one click away.
    if (m_model->rowCount() <= 200)
        m_view->expandAll();
    showSummary();
    const QModelIndex first = m_model->firstResource();
    m_view->setCurrentIndex(first.isValid() ? first : m_model->index(0, 0));
    showCurrent();
}

void ComparePage::showSummary()
{
    if (!m_comparison)
        return;
    QString text = models::comparisonText(*m_comparison);
    if (const int reviewed = m_model->reviewedCount(); reviewed > 0)
        text +=
            u" · "_s
            + tr("%1 of %2 reviewed").arg(QLocale().toString(reviewed), QLocale().toString(m_model->resourceCount()));
    m_summary->setText(text);
}

QString ComparePage::summary() const
{
    return m_summary->text();
}

void ComparePage::showCurrent()
{
    const QModelIndex index = m_view->currentIndex();
    if (const service::ResourceDiff *diff = m_model->diffAt(index)) {
        m_diff->show(*diff);
        return;
    }
    const QString error = m_model->errorAt(index);
    if (error.isEmpty()) {
        m_diff->clear();
        return;
    }
    service::ResourceDiff failed;
    failed.key.kind = models::utf8(tr("Application"));
    failed.key.name = models::utf8(index.data().toString());
    failed.error = models::utf8(error);
    m_diff->show(failed);
}

void ComparePage::saveAs(const QString &text, const QString &suffix)
{
    auto *dialog = new QFileDialog(this, tr("Save the comparison"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this, text](const QString &name) {
        QSaveFile file(name);
        const bool isSaved = file.open(QIODevice::WriteOnly) && file.write(text.toUtf8()) >= 0 && file.commit();
        Q_EMIT noticed(isSaved ? tr("Saved %1").arg(name) : tr("Cannot write %1: %2").arg(name, file.errorString()));
    });
    dialog->open();
}

} // namespace tiphys::ui
