using System.Globalization;

namespace Strake.Kubernetes.Objects;

/// <summary>Times as documents have them.</summary>
public static class ApiTime
{
    /// <summary>A moment, to the second, in UTC: RFC 3339, as <c>2026-01-31T12:00:00Z</c>.</summary>
    /// <param name="moment">The moment.</param>
    public static string Text(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
