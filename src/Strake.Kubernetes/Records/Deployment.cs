using System.Globalization;
using System.Text.Json;

namespace Strake.Kubernetes.Records;

/// <summary>A Deployment, as far as decisions read it.</summary>
public sealed record Deployment
{
    /// <summary>What it says of itself.</summary>
    public required Metadata Metadata { get; init; }

    /// <summary>How many pods it shall have.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>Whether all old pods go before the first new one comes.</summary>
    public bool Recreates { get; init; }

    /// <summary>How many pods more than wanted there may be during a roll-out.</summary>
    public int MaxSurge { get; init; } = 1;

    /// <summary>How many pods fewer than wanted may be ready during a roll-out.</summary>
    public int MaxUnavailable { get; init; }

    /// <summary>Whether nothing is rolled out for now.</summary>
    public bool IsPaused { get; init; }

    /// <summary>How many sets of older templates are kept.</summary>
    public int HistoryLimit { get; init; } = 10;

    /// <summary>Seconds without progress after which a roll-out counts as failed; 0: never.</summary>
    public int DeadlineSeconds { get; init; }

    /// <summary>Reads it from its document.</summary>
    /// <param name="document">The object.</param>
    public static Deployment Read(JsonElement document)
    {
        JsonElement spec = document.At("spec"), rolling = spec.At("strategy", "rollingUpdate");
        int replicas = spec.Number("replicas", 1);
        int surge = Share(rolling, "maxSurge", replicas, roundUp: true), unavailable = Share(rolling, "maxUnavailable", replicas, roundUp: false);
        return new Deployment
        {
            Metadata = Metadata.Read(document),
            Replicas = replicas,
            Recreates = spec.At("strategy").Text("type") is "Recreate",
            MaxSurge = surge,

            // With neither, nothing could ever be replaced.
            MaxUnavailable = surge + unavailable == 0 ? 1 : unavailable,
            IsPaused = spec.Flag("paused"),
            HistoryLimit = spec.Number("revisionHistoryLimit", 10),
            DeadlineSeconds = spec.Number("progressDeadlineSeconds"),
        };
    }

    // A number, or a share of all in percent; 25% when nothing is said.
    static int Share(JsonElement rolling, string name, int replicas, bool roundUp)
    {
        const int DefaultPercent = 25;
        if (rolling.At(name).ValueKind is JsonValueKind.Number) return Math.Max(0, rolling.Number(name));
        int percent = int.TryParse(rolling.Text(name).TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? given : DefaultPercent;
        long share = (long)replicas * percent;
        return (int)Math.Min(int.MaxValue, (roundUp ? share + 99 : share) / 100);
    }
}
