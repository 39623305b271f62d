using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>What every object says of itself.</summary>
public sealed record Metadata
{
    /// <summary>Its namespace; empty for objects that have none.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its identity: another object of the same name has another.</summary>
    public string Uid { get; init; } = "";

    /// <summary>When it was made, null when it does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its deletion was asked for, null when it was not.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Seconds from <see cref="DeletedAt"/> until it is ended by force; null when it does not say.</summary>
    public int? DeletionGraceSeconds { get; init; }

    /// <summary>What users select it by.</summary>
    public TextMap Labels { get; init; } = TextMap.Empty;

    /// <summary>What programs note on it.</summary>
    public TextMap Annotations { get; init; } = TextMap.Empty;

    /// <summary>Who must be done with it before it goes.</summary>
    public ValueList<string> Finalizers { get; init; } = [];

    /// <summary>Whom it belongs to.</summary>
    public ValueList<OwnerReference> Owners { get; init; } = [];

    /// <summary>Where it is found.</summary>
    public ObjectKey Key => new(Namespace, Name);

    /// <summary>Whether it is on its way out.</summary>
    public bool IsBeingDeleted => DeletedAt is not null;

    /// <summary>The owner that manages it, or null.</summary>
    public OwnerReference? Controller => Owners.FirstOrDefault(static owner => owner.IsController);

    /// <summary>Whether a note is on it, whatever its text.</summary>
    /// <param name="name">The annotation's name.</param>
    public bool Has(string name) => Annotations.ContainsKey(name);

    /// <summary>The same with a note on it.</summary>
    /// <param name="name">The annotation's name.</param>
    /// <param name="text">Its text.</param>
    public Metadata WithAnnotation(string name, string text) => this with { Annotations = Annotations.With(name, text) };

    /// <summary>The same without a note.</summary>
    /// <param name="name">The annotation's name.</param>
    public Metadata WithoutAnnotation(string name) => this with { Annotations = Annotations.Without(name) };

    /// <summary>The same, held.</summary>
    /// <param name="name">The finalizer.</param>
    public Metadata WithFinalizer(string name) => Finalizers.Contains(name) ? this : this with { Finalizers = Finalizers.With(name) };

    /// <summary>The same, not held (by this one).</summary>
    /// <param name="name">The finalizer.</param>
    public Metadata WithoutFinalizer(string name) => this with { Finalizers = Finalizers.Without(name) };

    /// <summary>Reads it from an object's document.</summary>
    /// <param name="document">The object.</param>
    public static Metadata Read(JsonElement document)
    {
        JsonElement metadata = document.At("metadata");
        return new Metadata
        {
            Namespace = metadata.Text("namespace"),
            Name = metadata.Text("name"),
            Uid = metadata.Text("uid"),
            CreatedAt = metadata.Time("creationTimestamp"),
            DeletedAt = metadata.Time("deletionTimestamp"),
            DeletionGraceSeconds = metadata.Has("deletionGracePeriodSeconds") ? metadata.Number("deletionGracePeriodSeconds") : null,
            Labels = metadata.Map("labels"),
            Annotations = metadata.Map("annotations"),
            Finalizers = metadata.Texts("finalizers"),
            Owners = metadata.List("ownerReferences", OwnerReference.Read),
        };
    }
}
