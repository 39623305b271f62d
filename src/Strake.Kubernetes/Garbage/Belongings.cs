namespace Strake.Kubernetes.Garbage;

/// <summary>What belongs to whom: only objects with owners are remembered. Safe for threads.</summary>
sealed class Belongings
{
    readonly Lock gate = new();
    readonly Dictionary<GarbageKey, OwnerClaim[]> owners = [];
    readonly Dictionary<string, HashSet<GarbageKey>> byOwner = new(StringComparer.Ordinal);

    /// <summary>Takes in whom an object belongs to.</summary>
    public void Put(GarbageKey key, OwnerClaim[] claims)
    {
        lock (gate)
        {
            Forget(key);
            if (claims.Length == 0) return;
            owners[key] = claims;
            foreach (OwnerClaim claim in claims)
            {
                if (!byOwner.TryGetValue(claim.Uid, out HashSet<GarbageKey>? all)) byOwner.Add(claim.Uid, all = []);
                all.Add(key);
            }
        }
    }

    /// <summary>Takes in that an object is gone.</summary>
    public void Remove(GarbageKey key)
    {
        lock (gate) Forget(key);
    }

    /// <summary>What belongs to an owner.</summary>
    /// <param name="uid">The owner's id.</param>
    public GarbageKey[] Of(string uid)
    {
        lock (gate) return byOwner.TryGetValue(uid, out HashSet<GarbageKey>? all) ? [.. all] : [];
    }

    void Forget(GarbageKey key)
    {
        if (!owners.Remove(key, out OwnerClaim[]? claims)) return;
        foreach (OwnerClaim claim in claims)
            if (byOwner.TryGetValue(claim.Uid, out HashSet<GarbageKey>? all) && all.Remove(key) && all.Count == 0) byOwner.Remove(claim.Uid);
    }
}
