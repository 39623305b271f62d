using Strake.Daemon.Server;
using Strake.State;

namespace Strake.Daemon.Tests.Server;

public sealed class ErrorStatusTests
{
    [Theory]
    [InlineData(ErrorKind.NotModified, 304)]
    [InlineData(ErrorKind.Invalid, 400)]
    [InlineData(ErrorKind.Unauthorized, 401)]
    [InlineData(ErrorKind.PermissionDenied, 403)]
    [InlineData(ErrorKind.NotFound, 404)]
    [InlineData(ErrorKind.AlreadyExists, 409)]
    [InlineData(ErrorKind.Conflict, 409)]
    [InlineData(ErrorKind.InUse, 409)]
    [InlineData(ErrorKind.TooLarge, 413)]
    [InlineData(ErrorKind.Exhausted, 500)]
    [InlineData(ErrorKind.DataLoss, 500)]
    [InlineData(ErrorKind.Internal, 500)]
    [InlineData(ErrorKind.NotSupported, 501)]
    [InlineData(ErrorKind.Unavailable, 503)]
    public void Each_kind_has_the_status_that_its_documentation_names(ErrorKind kind, int status) => Assert.Equal(status, ErrorStatus.Of(kind));

    [Fact]
    public void No_kind_is_forgotten() => Assert.All(Enum.GetValues<ErrorKind>(), kind => Assert.InRange(ErrorStatus.Of(kind), 300, 599));
}
