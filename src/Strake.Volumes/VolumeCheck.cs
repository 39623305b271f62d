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
        IReadOnlyList<VolumeUse> uses = await ledger.AllAsync(why => findings.Add(why.Message), cancellationToken);
        findings.AddRange(Dangling(uses, known, holders));
        foreach (Versioned<VolumeRecord> record in known.Where(static record => record.Value.State is VolumeState.Ready))
            findings.AddRange(Mismounted(record, [.. uses.Where(use => use.Volume == record.Id && use.Mounted)]));
        return findings;
    }

    static IEnumerable<string> Unfinished(IReadOnlyList<Versioned<VolumeRecord>> known) =>
        from record in known
        where record.Value.State is not (VolumeState.Promised or VolumeState.Ready or VolumeState.Trashed)
        select $"volume {record.Id}: left in state {record.Value.State} by an operation that did not finish";

    static IEnumerable<string> Misplaced(IVolumeDriver driver, IReadOnlyList<Versioned<VolumeRecord>> known)
    {
        var stored = driver.List().ToHashSet(StringComparer.Ordinal);
        var recorded = known.Where(record => record.Value.Driver == driver.Name).Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        return stored.Except(recorded).Select(name => $"volume {name}: driver {driver.Name} has it, but no record does")
            .Concat(recorded.Except(stored).Select(name => $"volume {name}: its content is gone from driver {driver.Name}"));
    }

    IEnumerable<string> Mismounted(Versioned<VolumeRecord> record, IReadOnlyList<VolumeUse> mounted)
    {
        IVolumeDriver? driver = drivers.FirstOrDefault(driver => driver.Name == record.Value.Driver);
        bool? really = VolumeName.TryParse(record.Id, out VolumeName name) ? driver?.IsMounted(name) : null;
        if (really == true && mounted.Count == 0)
            yield return $"volume {record.Id}: it is mounted, and nobody is recorded to have it mounted";
        if (really == false)
        {
            foreach (VolumeUse use in mounted)
                yield return $"volume {record.Id}: {use.Attachment.Holder} is recorded to have it mounted, and it is not";
        }
    }

    static IEnumerable<string> Dangling(
        IReadOnlyList<VolumeUse> uses, IReadOnlyList<Versioned<VolumeRecord>> known, IReadOnlySet<string> holders)
    {
        var ids = known.Select(record => record.Id).ToHashSet(StringComparer.Ordinal);
        foreach (VolumeUse use in uses)
        {
            if (!ids.Contains(use.Volume))
                yield return $"volume {use.Volume}: {use.Attachment.Holder} is recorded to use it, but it does not exist";
            if (!holders.Contains(use.Attachment.Holder) && !ForeignHolder.IsLive(use.Attachment.Holder))
                yield return $"volume {use.Volume}: its recorded user {use.Attachment.Holder} does not exist";
        }
    }
}
