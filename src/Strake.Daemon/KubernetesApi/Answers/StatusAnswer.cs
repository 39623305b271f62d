using System.Globalization;
using System.Text.Json;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Writes the outcome of a call as a <c>Status</c>; and the one place where a kind of failure becomes one.</summary>
static class StatusAnswer
{
    /// <summary>The status of a failure.</summary>
    public static ApiStatus Of(Exception error) => error switch
    {
        StatusException known => known.Status,
        StrakeException failure => Of(failure),
        _ => new(500, "InternalError", $"Internal error occurred: {error.Message}"),
    };

    /// <summary>Writes the status of a failure.</summary>
    public static void Write(Utf8JsonWriter writer, ApiStatus status)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "Status");
        writer.WriteString("apiVersion", "v1");
        writer.WriteStartObject("metadata");
        if (status.Continue is { } token) writer.WriteString("continue", token);
        writer.WriteEndObject();
        writer.WriteString("status", "Failure");
        writer.WriteString("message", status.Message);
        writer.WriteString("reason", status.Reason);
        WriteDetails(writer, status);
        writer.WriteNumber("code", status.Code);
        writer.WriteEndObject();
    }

    /// <summary>Writes that a deletion was done.</summary>
    public static void WriteDeleted(Utf8JsonWriter writer, StoredObject gone, string group, string plural)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", "Status");
        writer.WriteString("apiVersion", "v1");
        writer.WriteStartObject("metadata");
        writer.WriteEndObject();
        writer.WriteString("status", "Success");
        writer.WriteStartObject("details");
        writer.WriteString("name", gone.Name.Name);
        if (group.Length > 0) writer.WriteString("group", group);
        writer.WriteString("kind", plural);
        writer.WriteString("uid", gone.Uid);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static void WriteDetails(Utf8JsonWriter writer, ApiStatus status)
    {
        if (status.Name is null && status.Causes.Count == 0 && status.RetryAfterSeconds == 0) return;
        writer.WriteStartObject("details");
        if (!string.IsNullOrEmpty(status.Name)) writer.WriteString("name", status.Name);
        if (!string.IsNullOrEmpty(status.Group)) writer.WriteString("group", status.Group);
        if (status.Kind is { } kind) writer.WriteString("kind", kind);
        if (status.Uid is { } uid) writer.WriteString("uid", uid);
        if (status.Causes.Count > 0)
        {
            writer.WriteStartArray("causes");
            foreach (StatusCause cause in status.Causes)
            {
                writer.WriteStartObject();
                writer.WriteString("reason", cause.Reason);
                writer.WriteString("message", cause.Message);
                if (cause.Field.Length > 0) writer.WriteString("field", cause.Field);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        if (status.RetryAfterSeconds > 0) writer.WriteNumber("retryAfterSeconds", status.RetryAfterSeconds);
        writer.WriteEndObject();
    }

    static ApiStatus Of(StrakeException failure) => failure.Kind switch
    {
        ErrorKind.NotFound => new(404, "NotFound", failure.Message),
        ErrorKind.AlreadyExists => new(409, "AlreadyExists", failure.Message),
        ErrorKind.Conflict or ErrorKind.InUse or ErrorKind.NotModified => new(409, "Conflict", failure.Message),
        ErrorKind.Invalid => new(400, "BadRequest", failure.Message),
        ErrorKind.PermissionDenied => new(403, "Forbidden", failure.Message),
        ErrorKind.Unauthorized => new(401, "Unauthorized", failure.Message),
        ErrorKind.TooLarge => new(413, "RequestEntityTooLarge", failure.Message),
        ErrorKind.NotSupported => new(501, "NotImplemented", failure.Message),
        ErrorKind.Unavailable => new(503, "ServiceUnavailable", failure.Message),
        ErrorKind.Exhausted or ErrorKind.DataLoss or ErrorKind.Internal => new(500, "InternalError", failure.Message),
        _ => throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"error kind {failure.Kind} has no status")),
    };
}
