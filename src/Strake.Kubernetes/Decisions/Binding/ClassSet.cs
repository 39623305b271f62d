using System.Collections.Frozen;
using Strake.Kubernetes.Records;

namespace Strake.Kubernetes.Decisions.Binding;

/// <summary>The classes that there are at one moment.</summary>
public sealed class ClassSet
{
    readonly FrozenDictionary<string, StorageClass> byName;

    ClassSet(FrozenDictionary<string, StorageClass> byName, StorageClass? @default)
    {
        this.byName = byName;
        Default = @default;
    }

    /// <summary>No class.</summary>
    public static ClassSet Empty { get; } = Of([]);

    /// <summary>The class of claims that name none; of several that say they are it the newest, then the first by name. Null when there is none.</summary>
    public StorageClass? Default { get; }

    /// <summary>The set of some classes.</summary>
    /// <param name="classes">All there are.</param>
    public static ClassSet Of(params IEnumerable<StorageClass> classes)
    {
        StorageClass[] all = [.. classes];
        StorageClass? byDefault = all.Where(static item => item.IsDefault)
            .OrderByDescending(static item => item.Metadata.CreatedAt)
            .ThenBy(static item => item.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return new ClassSet(all.ToFrozenDictionary(static item => item.Name), byDefault);
    }

    /// <summary>The class of a name, or null.</summary>
    /// <param name="name">The name.</param>
    public StorageClass? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The class of a claim, or null when it has none or one that does not exist.</summary>
    /// <param name="claim">The claim.</param>
    public StorageClass? Of(Claim claim) => claim.EffectiveClass.Length > 0 ? Find(claim.EffectiveClass) : null;
}
