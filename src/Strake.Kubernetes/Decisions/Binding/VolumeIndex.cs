using System.Runtime.InteropServices;
using Strake.Kubernetes.Records;
using Quantity = Strake.Kubernetes.Objects.Quantity;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>
/// All volumes, arranged so that the best for a claim is found without looking at each: those on offer stand on shelves of one class, mode and set of
/// access modes, by size; those that are for a claim are found by the claim. Its keeper puts in what it reads; decisions only look. Not for threads at once.
/// </summary>
/// <remarks>
/// <code>
/// shelf (class, attributes class, volumeMode, access modes) → sizes and names, smallest first
/// claim → names of the volumes that are for it
/// </code>
/// </remarks>
public sealed class VolumeIndex
{
    const int MaxCandidates = 64;

    // For each wanted set of modes all sets that include it, fewest modes first: nobody gets more than what comes nearest to the request.
    static readonly AccessModes[][] s_including = [.. Enumerable.Range(0, 16).Select(static wanted =>
        Enumerable.Range(0, 16).Select(static modes => (AccessModes)modes)
            .Where(modes => modes.Include((AccessModes)wanted)).OrderBy(AccessModeWords.Count).ThenBy(static modes => modes).ToArray())];

    readonly Dictionary<string, PersistentVolume> byName = new(StringComparer.Ordinal);
    readonly Dictionary<ObjectKey, SortedSet<string>> byClaim = [];
    readonly Dictionary<Shelf, SortedSet<Offer>> shelves = [];

    /// <summary>How many volumes there are.</summary>
    public int Count => byName.Count;

    /// <summary>Grows with each change.</summary>
    public long Version { get; private set; }

    /// <summary>All volumes, in no order.</summary>
    public IReadOnlyCollection<PersistentVolume> All => byName.Values;

    /// <summary>Puts a volume in, in the place of an older state of it. O(log n).</summary>
    /// <param name="volume">The volume.</param>
    public void Put(PersistentVolume volume)
    {
        Remove(volume.Name);
        Version++;
        byName.Add(volume.Name, volume);
        if (volume.ClaimReference is { } reference) SetOf(byClaim, reference.Key).Add(volume.Name);
        else if (IsOnOffer(volume)) SetOf(shelves, Shelf.Of(volume)).Add(Offer.Of(volume));
    }

    /// <summary>Takes a volume out. Repeating it changes nothing. O(log n).</summary>
    /// <param name="name">The volume's name.</param>
    public void Remove(string name)
    {
        if (!byName.Remove(name, out PersistentVolume? volume)) return;
        Version++;
        if (volume.ClaimReference is { } reference) RemoveFrom(byClaim, reference.Key, name);
        else if (IsOnOffer(volume)) RemoveFrom(shelves, Shelf.Of(volume), Offer.Of(volume));
    }

    /// <summary>The volume of a name, or null.</summary>
    /// <param name="name">The name.</param>
    public PersistentVolume? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The volumes that are for a claim, by name, whether they suit it or not.</summary>
    /// <param name="claim">Where the claim is found.</param>
    public IEnumerable<PersistentVolume> For(ObjectKey claim) => byClaim.TryGetValue(claim, out SortedSet<string>? names) ? names.Select(name => byName[name]) : [];

    /// <summary>
    /// The best volume for a claim, or null: one that is for it; else, of those on offer, the one with the fewest access modes beyond those asked for, then the
    /// smallest, then the first by name. O(log n), and one step more for each volume that its selector or the node turns away.
    /// </summary>
    /// <param name="search">What is looked for.</param>
    public PersistentVolume? Best(VolumeSearch search)
    {
        Claim claim = search.Claim;
        if (For(claim.Key).FirstOrDefault(volume => volume.IsFor(claim) && !search.Taken.Contains(volume.Name) && VolumeMatch.SuitsOwner(claim, volume)) is { } own)
            return IsReached(own, search.Node) ? own : null;
        if (search.ReservedOnly) return null;

        foreach (AccessModes modes in s_including[(int)claim.AccessModes])
            if (shelves.TryGetValue(new Shelf(claim.EffectiveClass, claim.AttributesClass, claim.VolumeMode, modes), out SortedSet<Offer>? offers)
                && FirstThatFits(offers, search) is { } found) return found;
        return null;
    }

    /// <summary>Every volume with what speaks against it for a claim, those first that are nearest to it. Of very many some, so that it is quick.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="node">The node that must be able to use it; null when none is known yet.</param>
    public IEnumerable<VolumeCandidate> Candidates(Claim claim, NodeView? node = null) => byName.Values.Take(MaxCandidates)
        .Select(volume => new VolumeCandidate(volume, VolumeMatch.ReasonAgainst(claim, volume, node)))
        .OrderBy(candidate => candidate.Volume.ClaimReference is not null && !candidate.Volume.IsFor(claim))
        .ThenBy(candidate => candidate.Volume.ClassName != claim.EffectiveClass)
        .ThenBy(static candidate => candidate.Volume.Name, StringComparer.Ordinal);

    PersistentVolume? FirstThatFits(SortedSet<Offer> offers, VolumeSearch search)
    {
        var least = new Offer(search.Claim.Request, "");
        if (offers.Max.CompareTo(least) < 0) return null;
        foreach (Offer offer in offers.GetViewBetween(least, offers.Max))
        {
            PersistentVolume volume = byName[offer.Name];
            bool fits = !search.Taken.Contains(volume.Name)
                && search.Claim.Selector?.Matches(volume.Metadata.Labels) is not false
                && IsReached(volume, search.Node);
            if (fits) return volume;
        }

        return null;
    }

    static bool IsReached(PersistentVolume volume, NodeView? node) => node is null || volume.NodeAffinity?.Matches(node) is not false;

    static bool IsOnOffer(PersistentVolume volume) => volume is { ClaimReference: null, Phase: VolumePhase.Available, Metadata.IsBeingDeleted: false };

    static SortedSet<TValue> SetOf<TKey, TValue>(Dictionary<TKey, SortedSet<TValue>> sets, TKey key)
        where TKey : notnull => CollectionsMarshal.GetValueRefOrAddDefault(sets, key, out _) ??= [];

    static void RemoveFrom<TKey, TValue>(Dictionary<TKey, SortedSet<TValue>> sets, TKey key, TValue value)
        where TKey : notnull
    {
        sets[key].Remove(value);
        if (sets[key].Count == 0) sets.Remove(key);
    }

    readonly record struct Shelf(string Class, string AttributesClass, VolumeMode Mode, AccessModes Modes)
    {
        public static Shelf Of(PersistentVolume volume) => new(volume.ClassName, volume.AttributesClass, volume.VolumeMode, volume.AccessModes);
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Offer(Quantity Capacity, string Name) : IComparable<Offer>
    {
        public static Offer Of(PersistentVolume volume) => new(volume.Capacity, volume.Name);

        public int CompareTo(Offer other) => Capacity.CompareTo(other.Capacity) is int order and not 0 ? order : string.CompareOrdinal(Name, other.Name);
    }
}
