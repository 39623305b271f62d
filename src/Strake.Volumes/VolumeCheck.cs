using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>Compares records, users and storage, and says where they disagree.</summary>
sealed class VolumeCheck(VolumeRecords records, AttachmentLedger ledger, IReadOnlyList<IVolumeDriver> drivers)
{
    public async Task<IReadOnlyList<string>> RunAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken)
    {
        var findings = new List<string>();
        IReadOnlyList<Versioned<VolumeRecord>> known =
            await records.ListAsync((id, why) => findings.Add($"volume {id}: {why.Message}"), cancellationToken);
        findings.AddRange(Unfinished(known));
        foreach (IVolumeDriver driver in drivers)
            findings.AddRange(Misplaced(driver, known));
        findings.AddRange(Dangling(await ledger.AllAsync(why => findings.Add(why.Message), cancellationToken), known, holders));
        return findings;
    }

    static IEnumerable<string> Unfinished(IReadOnlyList<Versioned<VolumeRecord>> known) =>
        from record in known
        where record.Value.State is not VolumeState.Ready
        select $"volume {record.Id}: left in state {record.Value.State} by an operation that did not finish";

    static IEnumerable<string> Misplaced(IVolumeDriver driver, IReadOnlyList<Versioned<VolumeRecord>> known)
    {
        var stored = driver.List().ToHashSet(StringComparer.Ordinal);
        var recorded = known.Where(record => record.Value.Driver == driver.Name).Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        return stored.Except(recorded).Select(name => $"volume {name}: driver {driver.Name} has it, but no record does")
            .Concat(recorded.Except(stored).Select(name => $"volume {name}: its content is gone from driver {driver.Name}"));
    }

    static IEnumerable<string> Dangling(
        IReadOnlyList<VolumeUse> uses, IReadOnlyList<Versioned<VolumeRecord>> known, IReadOnlySet<string> holders)
    {
        var ids = known.Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        foreach (VolumeUse use in uses)
        {
            if (!ids.Contains(use.Volume))
                yield return $"volume {use.Volume}: {use.Attachment.Holder} is recorded to use it, but it does not exist";
            if (!holders.Contains(use.Attachment.Holder))
                yield return $"volume {use.Volume}: its recorded user {use.Attachment.Holder} does not exist";
        }
    }
}
