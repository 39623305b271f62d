using Strake.Kubernetes.Kinds;

namespace Strake.Kubernetes.Objects;

/// <summary>
/// A call on objects that failed, with the status that Kubernetes' clients get. Beside <see cref="StrakeException"/>, because those clients
/// act on the status' reason, details and causes, which a kind of failure cannot carry.
/// </summary>
/// <param name="status">The status.</param>
public sealed class StatusException(ApiStatus status) : Exception(status.Message)
{
    /// <summary>The status.</summary>
    public ApiStatus Status { get; } = status;

    /// <summary>There is no such object.</summary>
    public static StatusException NotFound(ResourceKind kind, string name) =>
        new(About(new(404, "NotFound", $"{kind.QualifiedPlural} \"{name}\" not found"), kind, name));

    /// <summary>There is an object of that name.</summary>
    public static StatusException AlreadyExists(ResourceKind kind, string name) =>
        new(About(new(409, "AlreadyExists", $"{kind.QualifiedPlural} \"{name}\" already exists"), kind, name));

    /// <summary>The object is not as the caller thinks.</summary>
    public static StatusException Conflict(ResourceKind kind, string name, string why) =>
        new(About(new(409, "Conflict", $"Operation cannot be fulfilled on {kind.QualifiedPlural} \"{name}\": {why}"), kind, name));

    /// <summary>The object was written since the caller read it.</summary>
    public static StatusException Modified(ResourceKind kind, string name) =>
        Conflict(kind, name, "the object has been modified; please apply your changes to the latest version and try again");

    /// <summary>The caller may not do that, or nobody may.</summary>
    public static StatusException Forbidden(ResourceKind kind, string name, string why) =>
        new(About(new(403, "Forbidden", $"{kind.QualifiedPlural} \"{name}\" is forbidden: {why}"), kind, name));

    /// <summary>The object is wrong; all its faults at once.</summary>
    public static StatusException Invalid(ResourceKind kind, string name, IReadOnlyList<Fault> faults)
    {
        string[] texts = [.. faults.Select(fault => fault.ToString())];
        string all = texts.Length == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        string qualified = kind.Group.Length == 0 ? kind.Kind : $"{kind.Kind}.{kind.Group}";
        return new(new(422, "Invalid", $"{qualified} \"{name}\" is invalid: {all}")
        {
            Name = name, Group = kind.Group, Kind = kind.Kind,
            Causes = [.. faults.Select(fault => new StatusCause(fault.Reason, fault.Text, fault.Field))],
        });
    }

    /// <summary>The request makes no sense.</summary>
    public static StatusException BadRequest(string message) => new(new(400, "BadRequest", message));

    /// <summary>The version asked for is not remembered any more.</summary>
    public static StatusException Expired(string message) => new(new(410, "Expired", message));

    /// <summary>The method is not for that resource.</summary>
    public static StatusException MethodNotAllowed() =>
        new(new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"));

    /// <summary>Nothing is served at that path.</summary>
    public static StatusException NoSuchPath() => new(new(404, "NotFound", "the server could not find the requested resource"));

    static ApiStatus About(ApiStatus status, ResourceKind kind, string name) => status with { Name = name, Group = kind.Group, Kind = kind.Plural };
}
